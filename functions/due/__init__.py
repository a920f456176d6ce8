"""Due: decides customers at the instants at which their segments change by themselves."""
