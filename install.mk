# SPDX-License-Identifier: BSD-2-Clause
# Installation: the build tree's shape, copied. DESTDIR and a later move are fine, the tree finds
# itself from the place of its libraries.

PC_FILES := $(L)/pkgconfig/tessera-com.pc $(L)/pkgconfig/tessera-scard.pc \
	$(L)/pkgconfig/tessera-pcsclite.pc
all: $(PC_FILES)

# The .pc files give places relative to themselves.
PC_PREFIX := $(call relative,$(LIBDIR)/pkgconfig,$(PREFIX))
$(L)/pkgconfig/tessera-com.pc: install.mk
	@mkdir -p $(@D)
	@printf '%s\n' 'prefix=$${pcfiledir}/$(PC_PREFIX)' 'libdir=$${prefix}/$(LIB_IN_PREFIX)' \
	    'includedir=$${prefix}/$(call relative,$(PREFIX),$(INCLUDEDIR))/tessera' \
	    'comidl=$${prefix}/$(call relative,$(PREFIX),$(BINDIR))/comidl' \
	    'idldir=$${prefix}/$(call relative,$(PREFIX),$(DATADIR))/tessera/idl' '' 'Name: tessera-com' \
	    'Description: COM-style component runtime' 'Version: $(VERSION)' \
	    'Libs: -L$${libdir} -ltessera-com -ltessera-uuid' 'Cflags: -I$${includedir}' >$@
$(L)/pkgconfig/tessera-scard.pc: install.mk
	@mkdir -p $(@D)
	@printf '%s\n' 'prefix=$${pcfiledir}/$(PC_PREFIX)' 'libdir=$${prefix}/$(LIB_IN_PREFIX)' \
	    'includedir=$${prefix}/$(call relative,$(PREFIX),$(INCLUDEDIR))/tessera' '' 'Name: tessera-scard' \
	    'Description: smart card resource manager API (winscard)' 'Version: $(VERSION)' \
	    'Libs: -L$${libdir} -ltessera-scard -ltessera-uuid' 'Cflags: -I$${includedir}' >$@
$(L)/pkgconfig/tessera-pcsclite.pc: install.mk
	@mkdir -p $(@D)
	@printf '%s\n' 'prefix=$${pcfiledir}/$(PC_PREFIX)' 'libdir=$${prefix}/$(LIB_IN_PREFIX)/tessera/pcsclite' \
	    'includedir=$${prefix}/$(call relative,$(PREFIX),$(INCLUDEDIR))/tessera/PCSC' '' 'Name: tessera-pcsclite' \
	    'Description: smart card resource manager for programs written for pcsc-lite' 'Version: $(VERSION)' \
	    'Libs: -L$${libdir} -lpcsclite' 'Cflags: -I$${includedir} -pthread' >$@

PROGRAM_FILES := comidl comreg scardctl scardd
MAN_PAGES = $(wildcard idl/*.1 runtime/*.5 runtime/comreg/*.1 rm/*/*.[1-8] ccid/*.[1-8])
COMPLETION_DIRS = $(DATADIR)/bash-completion/completions $(DATADIR)/zsh/site-functions
COMPLETION_FILES = $(foreach tool,comreg scardctl scardd,$(DATADIR)/bash-completion/completions/$(tool) \
	$(DATADIR)/zsh/site-functions/_$(tool))
UNIT_DIR ?= $(PREFIX)/lib/systemd/system
SYSUSERS_DIR ?= $(PREFIX)/lib/sysusers.d
UDEV_RULES_DIR ?= $(PREFIX)/lib/udev/rules.d
DAEMON_FILES = $(UNIT_DIR)/scardd.service $(UNIT_DIR)/scardd.socket $(UNIT_DIR)/scardd-pcsclite.socket \
	$(SYSUSERS_DIR)/scardd.conf $(DATADIR)/doc/tessera/scardd.conf $(UDEV_RULES_DIR)/$(notdir $(UDEV_RULES))
BUNDLE_DIR = $(LIBDIR)/tessera/pcsc/ifd-tessera.bundle
BUNDLE_FILES = $(addprefix $(BUNDLE_DIR)/Contents/,Info.plist Linux/$(notdir $(CCID_BUNDLE)))
INSTALL_LIBS := libtessera-com.so.0 libtessera-com.so libtessera-scard.so.0 libtessera-scard.so libtessera-uuid.a

.PHONY: install uninstall
install: all
	install -d $(addprefix $(DESTDIR),$(BINDIR) $(LIBDIR)/tessera/components $(LIBDIR)/pkgconfig \
	    $(LIBDIR)/tessera/pcsclite $(INCLUDEDIR)/tessera/PCSC $(DATADIR)/tessera/components.d \
	    $(DATADIR)/tessera/softcard.d $(DATADIR)/tessera/cards.d $(DATADIR)/tessera/idl $(MANDIR)/man1)
	install -m 755 $(addprefix $(B)/bin/,$(PROGRAM_FILES)) $(DESTDIR)$(BINDIR)
	cp -P $(addprefix $(L)/,$(INSTALL_LIBS)) $(DESTDIR)$(LIBDIR)
	install -m 644 $(PRIVATE_MODULES) $(DESTDIR)$(LIBDIR)/tessera
	install -m 755 $(PRIVATE_PROGRAMS) $(DESTDIR)$(LIBDIR)/tessera
	install -m 644 $(COMPONENTS) $(DESTDIR)$(LIBDIR)/tessera/components
	install -m 644 $(MANIFESTS) $(DESTDIR)$(DATADIR)/tessera/components.d
	install -m 644 $(SOFTCARD_PROFILES) $(DESTDIR)$(DATADIR)/tessera/softcard.d
	install -m 644 $(CARD_FILES) $(DESTDIR)$(DATADIR)/tessera/cards.d
	install -m 644 $(CCID_QUIRKS_FILE) $(DESTDIR)$(DATADIR)/tessera
	install -D -m 644 $(CCID_BUNDLE_DIR)/Info.plist $(DESTDIR)$(word 1,$(BUNDLE_FILES))
	install -D -m 644 $(CCID_BUNDLE) $(DESTDIR)$(word 2,$(BUNDLE_FILES))
	install -D -m 644 $(UDEV_RULES) $(DESTDIR)$(UDEV_RULES_DIR)/$(notdir $(UDEV_RULES))
	install -m 644 $(HEADERS) $(DESTDIR)$(INCLUDEDIR)/tessera
	install -m 644 $(PCSC_HEADERS) $(DESTDIR)$(INCLUDEDIR)/tessera/PCSC
	cp -P $(addprefix $(PCSCLITE_DIR)/,$(PCSCLITE_FILES)) $(DESTDIR)$(LIBDIR)/tessera/pcsclite
	install -m 644 $(IDL_FILES) $(DESTDIR)$(DATADIR)/tessera/idl
	for file in $(TEMPLATE_FILES); do install -D -m 644 $(TEMPLATES_SOURCE)/$$file \
	    $(DESTDIR)$(DATADIR)/tessera/templates/$$file || exit 1; done
	install -m 644 $(PC_FILES) $(DESTDIR)$(LIBDIR)/pkgconfig
	install -d $(addprefix $(DESTDIR),$(UNIT_DIR) $(SYSUSERS_DIR) $(DATADIR)/doc/tessera)
	sed 's|@BINDIR@|$(BINDIR)|' rm/daemon/scardd.service >$(DESTDIR)$(UNIT_DIR)/scardd.service
	install -m 644 rm/daemon/scardd.socket rm/daemon/scardd-pcsclite.socket $(DESTDIR)$(UNIT_DIR)
	install -m 644 rm/daemon/scardd.sysusers $(DESTDIR)$(SYSUSERS_DIR)/scardd.conf
	install -m 644 rm/daemon/scardd.conf $(DESTDIR)$(DATADIR)/doc/tessera
	install -d $(addprefix $(DESTDIR),$(COMPLETION_DIRS))
	for place in comreg:runtime/comreg scardctl:rm/scardctl scardd:rm/daemon; do tool=$${place%%:*} folder=$${place#*:}; \
	    install -m 644 $$folder/completion.bash $(DESTDIR)$(DATADIR)/bash-completion/completions/$$tool && \
	    install -m 644 $$folder/completion.zsh $(DESTDIR)$(DATADIR)/zsh/site-functions/_$$tool || exit 1; done
	for page in $(MAN_PAGES); do \
	    install -D -m 644 $$page $(DESTDIR)$(MANDIR)/man$${page##*.}/$${page##*/} || exit 1; done

uninstall:
	rm -f $(addprefix $(DESTDIR)$(BINDIR)/,$(PROGRAM_FILES)) $(addprefix $(DESTDIR)$(LIBDIR)/,$(INSTALL_LIBS)) \
	    $(addprefix $(DESTDIR)$(LIBDIR)/pkgconfig/,$(notdir $(PC_FILES))) \
	    $(foreach page,$(MAN_PAGES),$(DESTDIR)$(MANDIR)/man$(patsubst .%,%,$(suffix $(page)))/$(notdir $(page)))
	rm -f $(addprefix $(DESTDIR),$(DAEMON_FILES) $(COMPLETION_FILES))
	rm -f $(addprefix $(DESTDIR)$(INCLUDEDIR)/tessera/,$(notdir $(HEADERS)) $(PCSC_HEADERS:$(H)/%=%)) \
	    $(addprefix $(DESTDIR)$(LIBDIR)/tessera/pcsclite/,$(PCSCLITE_FILES)) \
	    $(addprefix $(DESTDIR)$(LIBDIR)/tessera/,$(notdir $(PRIVATE_MODULES) $(PRIVATE_PROGRAMS))) \
	    $(addprefix $(DESTDIR)$(LIBDIR)/tessera/components/,$(notdir $(COMPONENTS))) \
	    $(addprefix $(DESTDIR)$(DATADIR)/tessera/components.d/,$(notdir $(MANIFESTS))) \
	    $(addprefix $(DESTDIR)$(DATADIR)/tessera/softcard.d/,$(notdir $(SOFTCARD_PROFILES))) \
	    $(addprefix $(DESTDIR)$(DATADIR)/tessera/cards.d/,$(notdir $(CARD_FILES))) \
	    $(addprefix $(DESTDIR)$(DATADIR)/tessera/idl/,$(notdir $(IDL_FILES))) \
	    $(addprefix $(DESTDIR)$(DATADIR)/tessera/templates/,$(TEMPLATE_FILES))
	rm -f $(DESTDIR)$(DATADIR)/tessera/ccid.quirks $(addprefix $(DESTDIR),$(BUNDLE_FILES))
	-rmdir $(addprefix $(DESTDIR)$(BUNDLE_DIR)/,Contents/Linux Contents) $(DESTDIR)$(BUNDLE_DIR) $(DESTDIR)$(dir $(BUNDLE_DIR)) \
	    $(DESTDIR)$(LIBDIR)/tessera/pcsclite $(DESTDIR)$(INCLUDEDIR)/tessera/PCSC \
	    $(DESTDIR)$(LIBDIR)/tessera/components $(DESTDIR)$(LIBDIR)/tessera $(DESTDIR)$(INCLUDEDIR)/tessera \
	    $(DESTDIR)$(DATADIR)/tessera/components.d $(DESTDIR)$(DATADIR)/tessera/softcard.d \
	    $(DESTDIR)$(DATADIR)/tessera/cards.d $(DESTDIR)$(DATADIR)/tessera/idl $(DESTDIR)$(DATADIR)/tessera/templates/* \
	    $(DESTDIR)$(DATADIR)/tessera/templates $(DESTDIR)$(DATADIR)/tessera $(DESTDIR)$(DATADIR)/doc/tessera \
	    2>/dev/null
