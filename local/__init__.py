"""The cloud on your machine: MiniStack, the real stack deployed into it, and one URL in front."""
