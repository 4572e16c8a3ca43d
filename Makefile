# The commands live in ./run, which also works where make is not installed.
.PHONY: demo test readme lock
demo test readme lock:
	@./run $@
