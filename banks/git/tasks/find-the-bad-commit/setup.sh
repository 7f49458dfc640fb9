#!/bin/bash
# Sixty commits. From one of them on the answer is wrong; some around it do not run at all.
set -eu
export GIT_AUTHOR_NAME="Harbour Office" GIT_AUTHOR_EMAIL=office@harbour.example
export GIT_COMMITTER_NAME="$GIT_AUTHOR_NAME" GIT_COMMITTER_EMAIL=$GIT_AUTHOR_EMAIL
git init -q -b main /home/candidate/tides
cd /home/candidate/tides
git config user.name Candidate
git config user.email candidate@harbour.example
cat >check.sh <<'END'
#!/bin/sh
# 0: the answer is right, 1: it is wrong, 125: the program does not run
answer=$(sh ./tide.sh 7 2>/dev/null) || exit 125
[ "$answer" -ge 0 ] 2>/dev/null
END
chmod 755 check.sh
topics=(tables wording spacing constants comments rounding names)
for n in $(seq 1 60); do
  # What goes wrong is an operator in the middle of a table of constants that every commit touches.
  sign=+
  [ "$n" -ge "$ASSAY_PARAM_BAD" ] && sign=-
  broken=
  if [ "$n" = "$ASSAY_PARAM_BROKEN" ] || [ "$n" = "$ASSAY_PARAM_LATE" ]; then broken='( '; fi
  {
    echo '#!/bin/sh'
    echo "# High water, minutes after midnight. Table of edition $n."
    echo "base=$((300 + n % 7))"
    echo "step=$((50 + n % 3))"
    echo "echo \$((${broken}base $sign step * \$1))"
  } >tide.sh
  echo "Edition $n: ${topics[n % 7]}" >>NEWS
  git add -A
  GIT_AUTHOR_DATE="$((1760000000 + n * 5000)) +0000" GIT_COMMITTER_DATE="$((1760000000 + n * 5000)) +0000" \
    git commit -q -m "Edition $n: ${topics[n % 7]}"
  [ "$n" = 5 ] && git tag v1.0
done
chown -R candidate: /home/candidate/tides
