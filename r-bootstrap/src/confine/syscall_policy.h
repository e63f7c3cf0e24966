/* clang-format off */
/* Which system calls a worker may make: data, one row a line, included by
 * syscalls.c and read by the tests.
 *
 * The first row that fits a call decides. A call that no row names is answered ENOSYS, as by an
 * older kernel: libraries have a way around that, and what a newer kernel adds is refused unread.
 *
 *     ALLOW(call)
 *     ALLOW_WHERE(call, argument, mask, value)   where (argument & mask) == value
 *     ALLOW_SELF(call, argument)                 where the argument is the worker's own pid
 *     ALLOW_ALONE(call, argument, mask, value)   as WHERE, if the user is this run's alone
 *     REFUSE(call, errno)                        with what a script sees
 *     IGNORE(call)                               answered as done, and not done
 *     IGNORE_WHERE(call, argument, mask, value)  the same, where (argument & mask) == value
 *
 * Arguments are compared by their low 32 bits: the kernel reads no more of any argument named here.
 * The errno of a refusal is one that the kernel would not give an ordinary user for the arguments
 * of Probes/attempts.c, so that a probe can tell who refused. It tries every REFUSE and IGNORE row. */

/* Reading and writing. */
ALLOW(read)
ALLOW(write)
ALLOW(close)
ALLOW(lseek)
ALLOW(newfstatat)
ALLOW(fstat)
ALLOW(openat)
ALLOW(futex)
ALLOW(pread64)
ALLOW(pwrite64)
ALLOW(readv)
ALLOW(writev)
ALLOW(preadv)
ALLOW(pwritev)
ALLOW(preadv2)
ALLOW(pwritev2)
ALLOW(statx)
ALLOW(getdents64)
ALLOW(faccessat)
ALLOW(faccessat2)
ALLOW(readlinkat)
ALLOW(pipe2)
ALLOW(dup)
ALLOW(dup3)
ALLOW(close_range)
ALLOW(ppoll)
ALLOW(pselect6)
ALLOW(epoll_create1)
ALLOW(epoll_ctl)
ALLOW(epoll_pwait)
ALLOW(epoll_pwait2)
ALLOW(eventfd2)

/* Memory. Pages that are both writable and executable are allowed: regular expressions are compiled
 * to them, and a file can be mapped either way. */
ALLOW(mmap)
ALLOW(munmap)
ALLOW(mprotect)
ALLOW(mremap)
ALLOW(madvise)
ALLOW(brk)
ALLOW(msync)

/* Files below the directories that the `files` layer opens. */
ALLOW(mkdirat)
ALLOW(unlinkat)
ALLOW(renameat)
ALLOW_WHERE(renameat2, 4, ~3u, 0) /* no replacement, or an exchange */
REFUSE(renameat2, EPERM)          /* leaves a device file behind: "Operation not permitted" */
ALLOW(ftruncate)
ALLOW_WHERE(fallocate, 1, ~0u, 0) /* as if it were written to */
REFUSE(fallocate, EOPNOTSUPP)     /* blocks behind a file's end are no size: no limit counts them */
ALLOW(fsync)
ALLOW(fdatasync)
ALLOW(sync_file_range)
ALLOW(fadvise64)
ALLOW(readahead)
IGNORE(flock)             /* see fcntl */
ALLOW(copy_file_range)
ALLOW(sendfile)
ALLOW(statfs)
ALLOW(fstatfs)
ALLOW(umask)
ALLOW(getcwd)
ALLOW(chdir)
ALLOW(fchdir)

/* Time. */
ALLOW(clock_gettime)
ALLOW(clock_getres)
ALLOW(clock_nanosleep)
ALLOW(gettimeofday)
ALLOW(nanosleep)
ALLOW(getitimer)
ALLOW(setitimer)

/* The process itself, and its threads. */
ALLOW(rt_sigaction)
ALLOW(rt_sigprocmask)
ALLOW(rt_sigreturn)
ALLOW(rt_sigpending)
ALLOW(rt_sigtimedwait)
ALLOW(rt_sigsuspend)
ALLOW(sigaltstack)
ALLOW(restart_syscall)
ALLOW(getpid)
ALLOW(gettid)
ALLOW(getppid)
ALLOW(getuid)
ALLOW(geteuid)
ALLOW(getgid)
ALLOW(getegid)
ALLOW(getresuid)
ALLOW(getresgid)
ALLOW(getgroups)
ALLOW(getpgid)
ALLOW(getsid)
ALLOW(getrlimit)
ALLOW(setrlimit) /* only root may raise one again */
ALLOW(getrusage)
ALLOW(getpriority)
ALLOW(times)
ALLOW(sysinfo)
ALLOW(uname)
ALLOW(getcpu)
ALLOW(getrandom)
ALLOW(sched_yield)
ALLOW(sched_getaffinity)
ALLOW(sched_getparam)
ALLOW(sched_getscheduler)
ALLOW(sched_get_priority_max)
ALLOW(sched_get_priority_min)
ALLOW(set_tid_address)
ALLOW(set_robust_list)
ALLOW(rseq)
ALLOW(wait4)
ALLOW(waitid)
ALLOW(exit)
ALLOW(exit_group)

#ifdef __x86_64__
/* What only older ABIs have: each does what a call above does. */
ALLOW(open)
ALLOW(creat)
ALLOW(stat)
ALLOW(lstat)
ALLOW(access)
ALLOW(readlink)
ALLOW(getdents)
ALLOW(pipe)
ALLOW(dup2)
ALLOW(poll)
ALLOW(select)
ALLOW(epoll_create)
ALLOW(epoll_wait)
ALLOW(mkdir)
ALLOW(rmdir)
ALLOW(unlink)
ALLOW(rename)
ALLOW(time)
ALLOW(alarm)
ALLOW(pause)
ALLOW(getpgrp)
#endif

/* The worker's own socket: it says PREPARED, and takes RUN and ACK. */
ALLOW_WHERE(sendto, 0, ~0u, RAMPART_CONTROL_FD)
ALLOW_WHERE(recvmsg, 0, ~0u, RAMPART_CONTROL_FD)

/* Threads, in no namespace of their own; nothing else is started. */
ALLOW_WHERE(clone, 0, THREAD_FLAGS, CLONE_THREAD)
REFUSE(clone, EPERM)      /* "unable to fork", "cannot popen": Operation not permitted */
REFUSE(clone3, ENOSYS)    /* nothing: its flags lie in memory, and glibc then uses clone */
REFUSE(execve, EACCES)    /* a child would need it first: no R function gets here */
REFUSE(execveat, EACCES)  /* the same */
#ifdef __x86_64__
REFUSE(fork, EPERM)       /* "unable to fork": Operation not permitted */
REFUSE(vfork, EPERM)      /* the same */
#endif

/* Its own socket aside, no network and no neighbour. Where no comment says what a script sees, here
 * and below, no R function makes the call: native code sees the errno. */
REFUSE(socket, EACCES)      /* "cannot open the connection", "internet routines cannot be loaded" */
REFUSE(socketpair, EACCES)
REFUSE(connect, EACCES)
REFUSE(bind, EACCES)
REFUSE(listen, EACCES)
REFUSE(accept, EACCES)
REFUSE(accept4, EACCES)
REFUSE(sendto, EACCES)
REFUSE(sendmsg, EACCES)
REFUSE(sendmmsg, EACCES)
REFUSE(recvfrom, EACCES)
REFUSE(recvmsg, EACCES)
REFUSE(recvmmsg, EACCES)
REFUSE(shutdown, EACCES)
REFUSE(getsockopt, EACCES)
REFUSE(setsockopt, EACCES)
REFUSE(getsockname, EACCES)
REFUSE(getpeername, EACCES)

/* Other processes, of whatever user. */
ALLOW_SELF(kill, 0)
ALLOW_SELF(tgkill, 0)
REFUSE(kill, EPERM)               /* pskill() returns FALSE */
REFUSE(tkill, EPERM)              /* its argument may be anyone's thread */
REFUSE(tgkill, EPERM)
REFUSE(rt_sigqueueinfo, EACCES)
REFUSE(rt_tgsigqueueinfo, EACCES)
REFUSE(ptrace, EACCES)            /* the zygote's memory would be the next run's */
REFUSE(process_vm_readv, EACCES)
REFUSE(process_vm_writev, EACCES)
REFUSE(process_madvise, EACCES)
REFUSE(process_mrelease, EACCES)
REFUSE(kcmp, EACCES)
REFUSE(pidfd_open, EACCES)
REFUSE(pidfd_getfd, EACCES)
REFUSE(pidfd_send_signal, EACCES)
ALLOW_WHERE(prlimit64, 0, ~0u, 0)
ALLOW_SELF(prlimit64, 0)
REFUSE(prlimit64, EACCES)         /* the host's limits are the worker's own user's to lower */
ALLOW_WHERE(sched_setaffinity, 0, ~0u, 0)
ALLOW_SELF(sched_setaffinity, 0)
REFUSE(sched_setaffinity, EACCES) /* mcaffinity() works: it sets the worker's own */
REFUSE(sched_setscheduler, EACCES)
REFUSE(sched_setparam, EACCES)
REFUSE(sched_setattr, EACCES)
REFUSE(setpriority, EACCES)       /* psnice() changes nothing */
REFUSE(ioprio_set, EACCES)
REFUSE(move_pages, EACCES)
REFUSE(migrate_pages, EACCES)
REFUSE(setpgid, EACCES)           /* the worker stays in the group that the host kills */
REFUSE(setsid, EACCES)            /* the same */

/* What outlives a process, or is shared memory that no limit counts. */
REFUSE(shmget, EPERM)
REFUSE(shmat, EPERM)
REFUSE(shmctl, EPERM)
REFUSE(semget, EPERM)
REFUSE(semop, EPERM)
REFUSE(semtimedop, EPERM)
REFUSE(semctl, EPERM)
REFUSE(msgget, EPERM)
REFUSE(msgsnd, EPERM)
REFUSE(msgrcv, EPERM)
REFUSE(msgctl, EPERM)
REFUSE(mq_open, EPERM)
REFUSE(mq_unlink, EPERM)
REFUSE(memfd_create, EPERM)
REFUSE(memfd_secret, EPERM)

/* Files that are not files, and what the `files` layer cannot see: modes, owners, times, handles. */
REFUSE(linkat, EPERM)             /* file.link(): "Operation not permitted" */
REFUSE(symlinkat, EPERM)          /* file.symlink(): the same */
REFUSE(mknodat, EPERM)            /* fifo(): "cannot create fifo" */
ALLOW_ALONE(fchmodat, 2, 07000u, 0) /* a user of its own owns nothing outside of scratch */
IGNORE(fchmodat)                  /* nothing: packages that insist on a mode go on without it */
ALLOW_ALONE(utimensat, 3, ~(unsigned)AT_SYMLINK_NOFOLLOW, 0)
IGNORE(utimensat)                 /* Sys.setFileTime() returns TRUE; see fchmodat */
ALLOW_ALONE(fchmod, 1, 07000u, 0)
ALLOW_WHERE(fchmod, 1, 07622u, 0600) /* a copy's: the owner keeps it, others read */
REFUSE(fchmod, EACCES)
REFUSE(fchownat, EACCES)
REFUSE(fchown, EACCES)
REFUSE(truncate, EPERM)           /* a write that Landlock's first versions do not see */
REFUSE(name_to_handle_at, EPERM)
REFUSE(open_by_handle_at, EACCES)
REFUSE(inotify_init1, EPERM)
REFUSE(inotify_add_watch, EPERM)
REFUSE(fanotify_init, EACCES)
REFUSE(fanotify_mark, EACCES)
REFUSE(splice, EPERM)
REFUSE(tee, EPERM)
REFUSE(vmsplice, EPERM)
#ifdef __x86_64__
REFUSE(link, EPERM)               /* file.link(): "Operation not permitted" */
REFUSE(symlink, EPERM)            /* file.symlink(): the same */
REFUSE(mknod, EPERM)              /* fifo(): "cannot create fifo" */
ALLOW_ALONE(chmod, 1, 07000u, 0)
IGNORE(chmod)                     /* nothing: see fchmodat */
REFUSE(chown, EPERM)
REFUSE(lchown, EPERM)
REFUSE(inotify_init, EPERM)
#endif

/* A descriptor's owner can be sent any signal through it: only what is needed is allowed. */
ALLOW_WHERE(fcntl, 1, ~0u, F_DUPFD)
ALLOW_WHERE(fcntl, 1, ~0u, F_DUPFD_CLOEXEC)
ALLOW_WHERE(fcntl, 1, ~0u, F_GETFD)
ALLOW_WHERE(fcntl, 1, ~0u, F_SETFD)
ALLOW_WHERE(fcntl, 1, ~0u, F_GETFL)
ALLOW_WHERE(fcntl, 1, ~0u, F_SETFL)
ALLOW_WHERE(fcntl, 1, ~0u, F_GETLK)
ALLOW_WHERE(fcntl, 1, ~0u, F_OFD_GETLK)
/* A lock on a file that every run can read would be seen by another one. Nobody else uses the files
 * of scratch, so a database that locks its own goes on without. */
IGNORE_WHERE(fcntl, 1, ~0u, F_SETLK)
IGNORE_WHERE(fcntl, 1, ~0u, F_SETLKW)
IGNORE_WHERE(fcntl, 1, ~0u, F_OFD_SETLK)
IGNORE_WHERE(fcntl, 1, ~0u, F_OFD_SETLKW)
REFUSE(fcntl, EINVAL)             /* as if it were unknown */
ALLOW_WHERE(ioctl, 1, ~0u, TCGETS)     /* isatty() */
ALLOW_WHERE(ioctl, 1, ~0u, TIOCGWINSZ)
ALLOW_WHERE(ioctl, 1, ~0u, FIONREAD)
ALLOW_WHERE(ioctl, 1, ~0u, FIONBIO)
ALLOW_WHERE(ioctl, 1, ~0u, FIOCLEX)
ALLOW_WHERE(ioctl, 1, ~0u, FIONCLEX)
REFUSE(ioctl, ENOTTY)             /* as if the file were no device */

/* The kernel's own ground: little of it is an ordinary user's, and much of it has had holes. */
REFUSE(unshare, EACCES)
REFUSE(setns, EACCES)
REFUSE(mount, EACCES)
REFUSE(umount2, EACCES)
REFUSE(pivot_root, EACCES)
REFUSE(chroot, EACCES)
REFUSE(move_mount, EACCES)
REFUSE(open_tree, EACCES)
REFUSE(fsopen, EACCES)
REFUSE(fsconfig, EACCES)
REFUSE(fsmount, EACCES)
REFUSE(fspick, EACCES)
REFUSE(mount_setattr, EACCES)
REFUSE(bpf, EACCES)
REFUSE(perf_event_open, EPERM)
REFUSE(userfaultfd, EACCES)
REFUSE(keyctl, EPERM)
REFUSE(add_key, EPERM)
REFUSE(request_key, EPERM)
REFUSE(io_uring_setup, EACCES)    /* its ring makes calls that this filter never sees */
REFUSE(io_uring_enter, EACCES)
REFUSE(io_uring_register, EACCES)
REFUSE(personality, EPERM)
REFUSE(settimeofday, EACCES)
REFUSE(clock_settime, EACCES)
REFUSE(clock_adjtime, EACCES)
REFUSE(adjtimex, EACCES)
REFUSE(timer_create, EPERM)
REFUSE(timerfd_create, EPERM)
REFUSE(mlock, EACCES)
REFUSE(mlock2, EACCES)
REFUSE(mlockall, EACCES)
REFUSE(setuid, EACCES)
REFUSE(setgid, EACCES)
REFUSE(setreuid, EACCES)
REFUSE(setregid, EACCES)
REFUSE(setresuid, EACCES)
REFUSE(setresgid, EACCES)
REFUSE(setfsuid, EACCES)
REFUSE(setfsgid, EACCES)
REFUSE(setgroups, EACCES)
REFUSE(capset, EACCES)
REFUSE(prctl, EPERM)              /* a thread keeps no name: nothing depends on one */
REFUSE(seccomp, EACCES)
REFUSE(landlock_create_ruleset, EACCES)
REFUSE(landlock_add_rule, EACCES)
REFUSE(landlock_restrict_self, EACCES)
