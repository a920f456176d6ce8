"""Footfall's shared package: the pure domain, and the adapters that carry it to AWS and HTTP."""

from footfall.starting import begin_start

begin_start()  # every function comes here first
