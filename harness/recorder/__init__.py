"""One run recorded: load the target, follow its tasks, collect what the engines saw."""
