#!/bin/bash
# Sixty commits. From one of them on the answer is wrong; some around it do not run at all.
set -eu
topics=(tables wording spacing constants comments rounding names)

# The history as a stream for git fast-import: one process instead of hundreds.
history() {
  echo 'blob'
  echo 'mark :1'
  echo 'data <<END_OF_CHECK'
  cat <<'END'
#!/bin/sh
# 0: the answer is right, 1: it is wrong, 125: the program does not run
answer=$(sh ./tide.sh 7 2>/dev/null) || exit 125
[ "$answer" -ge 0 ] 2>/dev/null
END
  echo 'END_OF_CHECK'
  local n sign broken news=
  for n in $(seq 1 60); do
    # What goes wrong is an operator behind a table of constants that every commit touches.
    sign=+ broken=
    [ "$n" -ge "$ASSAY_PARAM_BAD" ] && sign=-
    if [ "$n" = "$ASSAY_PARAM_BROKEN" ] || [ "$n" = "$ASSAY_PARAM_LATE" ]; then broken='( '; fi
    news+="Edition $n: ${topics[n % 7]}"$'\n'
    echo 'commit refs/heads/main'
    echo "committer Harbour Office <office@harbour.example> $((1760000000 + n * 5000)) +0000"
    printf 'data <<END_OF_TEXT\nEdition %d: %s\nEND_OF_TEXT\n' "$n" "${topics[n % 7]}"
    echo 'M 100755 :1 check.sh'
    printf 'M 100644 inline tide.sh\ndata <<END_OF_TEXT\n'
    printf '#!/bin/sh\n# High water, minutes after midnight. Table of edition %d.\nbase=%d\nstep=%d\n' "$n" $((300 + n % 7)) $((50 + n % 3))
    printf 'echo $((%sbase %s step * $1))\nEND_OF_TEXT\n' "$broken" "$sign"
    printf 'M 100644 inline NEWS\ndata <<END_OF_TEXT\n%sEND_OF_TEXT\n' "$news"
    if [ "$n" = 5 ]; then printf 'reset refs/tags/v1.0\nfrom refs/heads/main\n\n'; fi
  done
}

git init -q -b main /home/candidate/tides
cd /home/candidate/tides
git config user.name Candidate
git config user.email candidate@harbour.example
history | git fast-import --quiet
git reset -q --hard main
chown -R candidate: /home/candidate/tides
