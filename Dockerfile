# The image that Lambda runs: Rampart, R and its packages on Debian; docs/image.md explains it.
#
# SWIFT_IMAGE and R_IMAGE may be digests. DEBIAN_SNAPSHOT fixes what is installed to what Debian's archive held
# at that time; empty, it is what the base image's own sources hold today.
ARG SWIFT_IMAGE=swift:6.3-bookworm
ARG R_IMAGE=debian:trixie-slim

# ---- Rampart itself. The older Debian: what links against its libc runs on the newer one, not the reverse.
FROM ${SWIFT_IMAGE} AS swift
RUN pkg-config --exists libcurl \
 || (apt-get update -qq && apt-get install -qq -y --no-install-recommends libcurl4-openssl-dev pkg-config)
WORKDIR /src
COPY Package.swift ./
COPY image/without-tests ./
RUN ./without-tests
RUN --mount=type=cache,id=rampart-swift,target=/src/.build swift package resolve
COPY Sources Sources
RUN --mount=type=cache,id=rampart-swift,target=/src/.build \
    swift build -c release --static-swift-stdlib -Xlinker -s -Xlinker --icf=all --product rampart \
 && install -D .build/release/rampart /out/rampart

# ---- Debian, at one date.
FROM ${R_IMAGE} AS debian
ARG DEBIAN_SNAPSHOT=20261123T120000Z
ARG SNAPSHOT_BASE=http://snapshot.debian.org/archive
COPY image/pin-debian /tmp/
RUN sh /tmp/pin-debian "$DEBIAN_SNAPSHOT" "$SNAPSHOT_BASE"

# ---- R, its packages, the fonts.
FROM debian AS packages
COPY image/packages.txt /tmp/
RUN --mount=type=cache,id=rampart-apt,target=/var/cache/apt \
    --mount=type=cache,id=rampart-apt-lists,target=/var/lib/apt/lists \
    apt-get update -qq \
 && sed 's/ *#.*//' /tmp/packages.txt \
  | DEBIAN_FRONTEND=noninteractive xargs apt-get install -qq -y --no-install-recommends >/dev/null

# ---- The R package rampart, the stand-in for curl, and the list of all that is installed.
FROM packages AS r
# An installed package remembers the encoding that it was installed in.
ENV LC_ALL=C.UTF-8
RUN --mount=type=cache,id=rampart-apt,target=/var/cache/apt \
    --mount=type=cache,id=rampart-apt-lists,target=/var/lib/apt/lists \
    DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends gcc libc6-dev libdeflate-dev make >/dev/null
COPY image/stub-curl.R /src/image/
RUN mkdir -p /out/curl && Rscript /src/image/stub-curl.R /src/curl && R CMD INSTALL --library=/out/curl /src/curl
COPY r-bootstrap /src/r-bootstrap
COPY Sources/CSandbox/include /src/Sources/CSandbox/include
COPY scripts/install-r-package /src/scripts/
RUN cd /src && scripts/install-r-package /out

# ---- All of it together, and what no chart needs taken away.
FROM packages AS runtime
COPY --from=r /out/curl /tmp/curl
COPY --from=r /out/r-library /opt/rampart/r-library
COPY --from=swift /out/rampart /opt/rampart/rampart
# All of it, for image/revision is not always there.
COPY image /tmp/
ARG DEBIAN_SNAPSHOT=20261123T120000Z
ARG RAMPART_REVISION
RUN sh /tmp/strip-down "$DEBIAN_SNAPSHOT" "$RAMPART_REVISION"

# ---- One layer, for what a later layer takes away would still be in an earlier one.
FROM scratch
COPY --from=runtime / /
ARG RAMPART_REVISION=unknown
ARG DEBIAN_SNAPSHOT=20261123T120000Z
LABEL org.opencontainers.image.title="Rampart" \
      org.opencontainers.image.description="Runs R that nobody has read on AWS Lambda, and gives back its charts" \
      org.opencontainers.image.licenses="Apache-2.0 AND GPL-2.0-or-later" \
      org.opencontainers.image.revision="${RAMPART_REVISION}" \
      org.rampart.debian-snapshot="${DEBIAN_SNAPSHOT}"
ENV PATH=/opt/rampart:/usr/local/bin:/usr/bin:/bin \
    LANG=C.UTF-8
# Lambda takes a user of its own; elsewhere it is this one, which owns nothing here.
USER 993:990
WORKDIR /tmp
ENTRYPOINT ["/opt/rampart/bootstrap"]
