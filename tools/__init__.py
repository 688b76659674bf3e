"""Programs of the repository: what builds, checks and starts Sen. Never imported by `src`."""
