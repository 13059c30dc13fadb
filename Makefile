# 'make' lists what can be done.
PREFIX ?= /usr/local
BUILD = swift build -c release --product flexvlm --static-swift-stdlib
PROGRAM = .build/release/flexvlm
PLACE = $(DESTDIR)$(PREFIX)

.PHONY: list build test documentation install uninstall deb
list:
	@echo "make build                   the program, in $(PROGRAM)"
	@echo "make test                    all tests"
	@echo "make documentation           the library's pages, in .build/documentation"
	@echo "make install PREFIX=/usr     program, model, manual and completions (default: $(PREFIX))"
	@echo "make uninstall PREFIX=/usr   takes them away"
	@echo "make deb                     a Debian package, in .build/deb"

# With Swift's libraries inside, so that the program runs where there is no Swift.
build:
	Scripts/install-dependencies.sh
	$(BUILD)

test:
	swift test

# Links that lead nowhere are errors. 'python3 -m http.server -d .build/documentation' shows the pages,
# under /documentation/flexvlm.
documentation:
	FLEXVLM_DOCUMENTATION=1 swift package --allow-writing-to-directory .build/documentation \
	  generate-documentation --target FlexVLM --output-path .build/documentation --warnings-as-errors \
	  --transform-for-static-hosting

install: $(PROGRAM)
	install -D -m 755 --strip $(PROGRAM) $(PLACE)/bin/flexvlm
	install -D -m 644 Weights/flexvlm-mini.gguf $(PLACE)/share/flexvlm/flexvlm-mini.gguf
	install -d $(PLACE)/share/man/man1 $(PLACE)/share/bash-completion/completions \
	  $(PLACE)/share/zsh/site-functions $(PLACE)/share/fish/vendor_completions.d
	$(PROGRAM) help --man | gzip -9n > $(PLACE)/share/man/man1/flexvlm.1.gz
	$(PROGRAM) completions bash > $(PLACE)/share/bash-completion/completions/flexvlm
	$(PROGRAM) completions zsh > $(PLACE)/share/zsh/site-functions/_flexvlm
	$(PROGRAM) completions fish > $(PLACE)/share/fish/vendor_completions.d/flexvlm.fish

$(PROGRAM):
	@echo "Run 'make build' first, as the user who is to own the build's files." >&2; exit 1

uninstall:
	rm -rf $(PLACE)/bin/flexvlm $(PLACE)/share/flexvlm $(PLACE)/share/man/man1/flexvlm.1.gz \
	  $(PLACE)/share/bash-completion/completions/flexvlm \
	  $(PLACE)/share/zsh/site-functions/_flexvlm $(PLACE)/share/fish/vendor_completions.d/flexvlm.fish

deb: build
	Scripts/package/deb.sh .build/deb
