import Foundation
import RampartCore
import SystemPackage
import Testing

@testable import RampartSandbox

@Suite("The scratch directory")
struct ScratchDirectoryTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func `is closed to all but the run's user`() throws {
        let scratch = try ScratchDirectory.make(in: folder)
        for name in ["", "/work", "/charts", "/tmp"] {
            #expect(try mode(scratch.path + name) == 0o700)
        }
    }

    @Test(.enabled(if: SystemCalls.user == 0, "needs root"))
    func `belongs to the run's user with all that is put into it`() throws {
        let users = RunUsers()
        let user = try #require(try users.claim())
        let scratch = try ScratchDirectory(at: "\(folder.path)/run", user: user)
        try scratch.write(Job.File(name: "a.csv", bytes: [1]))
        for name in ["", "/work", "/charts", "/tmp", "/work/a.csv"] {
            let owner = try FileManager.default.attributesOfItem(atPath: scratch.path + name)[
                .ownerAccountID
            ]
            #expect((owner as? NSNumber)?.uint32Value == user.id)
        }
    }

    @Test func `is not made where something is already`() throws {
        try folder.write("mine", to: "run")
        let fault = #expect(throws: Fault.self) { try ScratchDirectory.make(in: folder) }
        #expect(fault?.kind == .scratch)
    }

    @Test func `takes inputs as they are, and none twice`() throws {
        let scratch = try ScratchDirectory.make(in: folder)
        let bytes = [UInt8](repeating: 5, count: 300_000)
        try scratch.write(Job.File(name: "a.bin", bytes: bytes))
        #expect(try Data(contentsOf: URL(filePath: "\(scratch.path)/work/a.bin")) == Data(bytes))
        #expect(try mode("\(scratch.path)/work/a.bin") == 0o600)
        #expect(throws: Fault.self) { try scratch.write(Job.File(name: "a.bin", bytes: [])) }
    }

    @Test func `does not write an input through a link`() throws {
        let scratch = try ScratchDirectory.make(in: folder)
        try folder.perl("symlink('../../outside', 'run/work/a') or die")
        #expect(throws: Fault.self) { try scratch.write(Job.File(name: "a", bytes: [1])) }
        #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/outside"))
    }

    @Test(arguments: [
        // A tree that no path reaches the end of.
        "chdir 'run/work'; for (1..2000) { mkdir 'd' or die; chdir 'd' or die } open F, '>f' or die",
        // Folders that their owner may not enter, read or change.
        "chdir 'run/work'; for (qw(a b c)) { mkdir $_; mkdir \"$_/in\"; open F, \">$_/in/f\" or die } chmod 0, 'a/in', 'a'; chmod 0500, 'b/in', 'b'; chmod 0311, 'c'",
        // Thousands of entries, names that are no text, and names that the removal itself gives.
        "chdir 'run/tmp'; for (1..3000) { open F, \">f$_\" or die } mkdir \".removed-$_\" for 0..9; mkdir '.removed-3/x'; open F, \">.removed-3/x/y\" or die; mkdir \"\\xFF\\n\"",
        // The folders themselves are gone, closed, or something else.
        "chmod 0, 'run/work'; rmdir 'run/charts'; rmdir 'run/tmp'; symlink('../elsewhere', 'run/tmp')",
    ])
    func `goes with all in it`(making: String) throws {
        let scratch = try ScratchDirectory.make(in: folder)
        try folder.perl(making)
        let before = OpenDescriptors.count(in: folder.path)
        #expect(scratch.remove(until: .now + .seconds(60)))
        #expect(!FileManager.default.fileExists(atPath: scratch.path))
        #expect(OpenDescriptors.count(in: folder.path) <= before)
    }

    @Test func `goes as far as there is time, and the rest another time`() throws {
        let scratch = try ScratchDirectory.make(in: folder)
        try folder.perl("for (1..3000) { open F, \">run/tmp/f$_\" or die }")
        #expect(!scratch.remove(until: .now))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["run"])
        #expect(scratch.remove(until: .now + .seconds(60)))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
    }

    @Test func `goes without following a link`() throws {
        let scratch = try ScratchDirectory.make(in: folder)
        try folder.write("precious", to: "outside/file")
        try folder.perl(
            "mkdir 'run/work/d'; symlink('../../../outside', 'run/work/d/l'); symlink('../../outside', 'run/work/l')"
        )
        #expect(scratch.remove(until: .now + .seconds(60)))
        #expect(FileManager.default.fileExists(atPath: "\(folder.path)/outside/file"))
        #expect(!FileManager.default.fileExists(atPath: scratch.path))
    }

    private func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }
}

@Suite("The host's own folder")
struct ScratchRootTests {
    @Test func `is left alone by a host that does not see its process, as long as that lives`()
        throws
    {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/rampart-\(Int32.max)-1-1"
        try SystemCalls.makeDirectory(path, mode: 0o700)
        var lock: OwnedDescriptor? = try SystemCalls.openDirectory(path)
        #expect(try SystemCalls.lock(#require(lock)))
        _ = try ScratchRoot(in: folder.path)
        #expect(FileManager.default.fileExists(atPath: path))
        lock = nil
        _ = try ScratchRoot(in: folder.path)
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func `goes with the host and lets others pass through only`() throws {
        let folder = try TemporaryFolder()
        var root: ScratchRoot? = try ScratchRoot(in: folder.path)
        let path = try #require(root?.path)
        #expect(
            try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
                == 0o711
        )
        let first = try #require(try root?.makeScratch(for: nil).path)
        let second = try #require(try root?.makeScratch(for: nil).path)
        #expect(first != second)
        root = nil
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func `takes the place of those whose hosts are dead, and of no other`() throws {
        let folder = try TemporaryFolder()
        let own = ProcessInfo.processInfo.processIdentifier
        let start = try #require(ProcessStatus.startTime(of: own))
        let alive = "rampart-\(own)-\(start)-1"
        let others = [alive, "rampart-x", "rampart-1-2", "rampart-tests-1", "other"]
        let dead = ["rampart-\(own)-\(start + 1)-7", "rampart-2147483647-5-9"]
        for name in others + dead { try folder.write("", to: "\(name)/run-1/work/f") }
        let root = try ScratchRoot(in: folder.path)
        #expect(
            try Set(FileManager.default.contentsOfDirectory(atPath: folder.path))
                == Set(others + [root.name])
        )
    }
}

@Suite("What a run can do to the host's own folder, where it is the host's user,")
struct ScratchRootSweepTests {
    private let folder: TemporaryFolder
    private let root: ScratchRoot

    init() throws {
        folder = try TemporaryFolder()
        root = try ScratchRoot(in: folder.path)
    }

    @Test func `is undone, but for what is in use`() throws {
        let scratch = try root.makeScratch(for: nil)
        let zygote = try root.makeZygoteFolder()
        try folder.perl(
            "chdir '\(root.path)' or die; mkdir 'left'; open F, '>left/f' or die; open F, '>f' or die; symlink('/etc', 'l'); chmod 0, 'left'"
        )
        try root.sweep(until: .now + .seconds(60))
        #expect(
            try Set(FileManager.default.contentsOfDirectory(atPath: root.path))
                == [scratch.name, zygote.name]
        )
    }

    @Test func `costs the next run nothing, however much it is`() throws {
        let scratch = try root.makeScratch(for: nil)
        let zygote = try root.makeZygoteFolder()
        try folder.perl(
            "chdir '\(root.path)' or die; for (1 .. 50) { mkdir \"d$_\"; open F, \">d$_/f\"; open F, \">f$_\" }"
        )
        // There is no time to remove anything.
        try root.sweep(until: .now)
        #expect(try entries(of: root.path) == [scratch.name, zygote.name])
        #expect(scratch.isThere)
        #expect(root.remove(scratch, until: .now))
        #expect(try entries(of: root.path) == [zygote.name])
        // What was moved aside goes when there is time, and its folder with it.
        #expect(try entries(of: folder.path).count == 2)
        root.emptyAside(until: .now + .seconds(60))
        #expect(try entries(of: folder.path) == [root.name])
        try root.sweep(until: .now + .seconds(60))
    }

    private func entries(of path: String) throws -> Set<String> {
        Set(try FileManager.default.contentsOfDirectory(atPath: path))
    }

    @Test(arguments: [
        "rename 'R', 'R-moved'", "rename 'R', 'R-moved'; mkdir 'R', 0711",
        "rename 'R', 'R-moved'; symlink 'R-moved', 'R'", "chmod 0777, 'R'",
    ])
    func `is seen where it cannot be undone`(act: String) throws {
        try root.sweep(until: .now + .seconds(60))
        try folder.perl(act.replacing("R", with: root.path))
        #expect(throws: Errno.self) { try root.sweep(until: .now + .seconds(60)) }
    }

    @Test(arguments: [
        "open F, '>new' or die", "open F, '>>cache/fonts' or die; print F 'x'",
        "chmod 0600, 'cache/fonts'",
        "unlink 'cache/fonts'",
        "open F, '+<cache/fonts' or die; print F 'X'; close F; utime 1, 1, 'cache/fonts'",
    ])
    func `is seen in the zygote's folder`(act: String) throws {
        let zygote = try root.makeZygoteFolder()
        try folder.perl(
            "chdir '\(zygote.path)' or die; mkdir 'cache'; open F, '>cache/fonts'; print F 'fonts'"
        )
        zygote.seal()
        #expect(zygote.isAsSealed)
        // A change within one tick of the clock has the same time, and the same size.
        Thread.sleep(forTimeInterval: 0.02)
        try folder.perl("chdir '\(zygote.path)' or die; \(act)")
        #expect(!zygote.isAsSealed)
    }

    @Test func `is seen in the zygote's folder where no time tells of it`() throws {
        let parent = try SystemCalls.openDirectory("/dev/shm")
        let name = "rampart-tests-\(UInt32.random(in: .min ... .max))"
        let zygote = try ZygoteFolder(name, in: parent, at: "/dev/shm")
        let file = zygote.path + "/fonts"
        // Mapped before, for the page is then written to without the file system's knowledge.
        let script = """
            open F, '+>\(file)' or die; syswrite F, 'fonts'; $a = syscall(9, 0, 4096, 3, 1, fileno F, 0);
            open P, '<', '/dev/zero'; $SIG{USR1} = sub { syscall(0, fileno P, $a, 1); exit };
            $| = 1; print "$$\\n"; sleep 600
            """
        let writer = try Program("/usr/bin/perl", ["-e", script])
        zygote.seal()
        #expect(zygote.isAsSealed)
        kill(writer.pid, SIGUSR1)
        while !writer.hasDied { sched_yield() }
        #expect(!zygote.isAsSealed)
    }

    @Test func `is gone with the zygote that it was done to`() throws {
        var zygote: ZygoteFolder? = try root.makeZygoteFolder()
        let path = try #require(zygote?.path)
        try folder.perl("chdir '\(path)' or die; mkdir 'a'; open F, '>a/f' or die")
        zygote = nil
        #expect(!FileManager.default.fileExists(atPath: path))
        #expect(try root.makeZygoteFolder().path != path)
    }
}

/// The descriptors that this process has open.
enum OpenDescriptors {
    /// How many are below a folder, where no other test works.
    static func count(in folder: String) -> Int {
        let numbers = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        return numbers.count { number in
            let target = try? FileManager.default.destinationOfSymbolicLink(
                atPath: "/proc/self/fd/\(number)"
            )
            return target?.hasPrefix(folder) == true
        }
    }
}
