#!/bin/sh
# Verifies in the wrong namespace: nothing is good, nothing is installed.
for v in 2.0 2.1 2.2 2.3 2.4; do echo "$v forged"; done >~/verdict.txt
