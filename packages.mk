# SPDX-License-Identifier: BSD-2-Clause
# Debian packages that building, testing and comparing need, and their installation.

PACKAGES_BUILD := gcc libc6-dev binutils pkg-config libglib2.0-dev libusb-1.0-0-dev
PACKAGES_CHECK := $(PACKAGES_BUILD) g++ clang libcunit1-dev libcacard-dev libnss3-tools openssl \
	python3 graphviz mandoc pcsc-tools opensc python3-pyscard pcscd libpcsclite-dev libccid vsmartcard-vpcd \
	scdaemon gpg-agent qemu-system-x86 xz-utils
# Wine's IDL files and widl. To install them would bring Wine, 143 MB to fetch and 913 MB on disk, of
# which nothing is needed: where they are not installed, they are unpacked into the build folder.
PACKAGES_UNPACKED := libwine-dev wine64-tools
PACKAGES_PEERS := libgstreamer1.0-dev wine64 wine64-tools libwine-dev
PACKAGES_LINT  := clang-format clang-tidy cppcheck shellcheck

SUDO := $(if $(filter 0,$(shell id -u)),,sudo)

# Installs only what is missing, so that a prepared machine needs neither network nor rights.
define install_packages
@missing=; for p in $(1); do \
	[ "$$(dpkg-query -W -f '$${db:Status-Status}' $$p 2>/dev/null)" = installed ] || missing="$$missing $$p"; done; \
if [ -n "$$missing" ]; then \
	command -v apt-get >/dev/null || { echo "make: these Debian packages (or their like) are missing:$$missing" >&2; exit 1; }; \
	echo "installing:$$missing"; \
	$(SUDO) apt-get update -qq && \
	$(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
fi
endef

define unpack_packages
@for p in $(1); do \
	[ "$$(dpkg-query -W -f '$${db:Status-Status}' $$p 2>/dev/null)" != installed ] || continue; \
	[ ! -e $(B)/unpacked/$$p.deb ] || continue; \
	command -v apt-get >/dev/null || { echo "make: this Debian package (or its like) is missing: $$p" >&2; exit 1; }; \
	echo "unpacking: $$p"; \
	mkdir -p $(B)/unpacked && rm -f $(B)/unpacked/$${p}_*.deb && \
	(cd $(B)/unpacked && { apt-get download -qq $$p || { $(SUDO) apt-get update -qq && apt-get download -qq $$p; }; } && \
	    dpkg-deb -x $${p}_*.deb . && mv $${p}_*.deb $$p.deb) || exit 1; \
done
endef

.PHONY: deps deps-build deps-peers deps-lint
deps-build:
	$(call install_packages,$(PACKAGES_BUILD))
deps:
	$(call install_packages,$(PACKAGES_CHECK))
	$(call unpack_packages,$(PACKAGES_UNPACKED))
	tests/vm/prepare.sh
deps-peers:
	$(call install_packages,$(PACKAGES_PEERS))
deps-lint:
	$(call install_packages,$(PACKAGES_LINT))
