"""Survival: a load while workers are killed and AWS answers badly, and what is true after it."""
