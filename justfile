# Chores; `just` comes from PyPI (`pip install rust-just`). CI needs none of them.

default:
    @just --list

# everything CI checks
check:
    .ci/run

# the sample installation on http://127.0.0.1:8420
demo:
    cargo run --release

test:
    cargo test

# licences, sources and bans of all dependencies (cargo install cargo-deny)
deny:
    cargo deny check bans licenses sources

# dependencies nobody uses (cargo install cargo-machete)
unused:
    cargo machete

# writes the stored bytes of event types that have none yet; never overwrites
golden:
    WRITE_GOLDEN=1 cargo test -p events golden

# how much of the deciders the rule tests cover; options go on to cargo-llvm-cov
coverage *options:
    .ci/coverage {{options}}
