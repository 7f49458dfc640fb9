#!/bin/bash
# A middle commit that does two things, in the same file.
set -eu
export GIT_AUTHOR_NAME="Jun Park" GIT_AUTHOR_EMAIL=jun@weather.example GIT_COMMITTER_NAME="Jun Park" GIT_COMMITTER_EMAIL=jun@weather.example
clock=1774600000
commit() {
  clock=$((clock + 900))
  git add -A
  GIT_AUTHOR_DATE="$clock +0900" GIT_COMMITTER_DATE="$clock +0900" git commit -q -m "$1"
}
git init -q -b main /home/candidate/weather
cd /home/candidate/weather
git config user.name "Jun Park"
git config user.email jun@weather.example
cat >weather.sh <<'END'
#!/bin/sh
# Prints the weather of a station: tenths of degrees in, degrees out.
tenths=$1
t=$((tenths / 10))
echo "temperature: $t"
END
printf 'Changes\n\n' >CHANGES
commit "Print the temperature"
git tag base
sed -i 's/^tenths=\$1$/tenths=$(cat station.txt)/' weather.sh
echo 215 >station.txt
commit "Read the station's file"
cat >weather.sh <<'END'
#!/bin/sh
# Prints the weather of a station: tenths of degrees in, degrees out.
tenths=$(cat station.txt)
t=$(((tenths + 5) / 10))
echo "temperature: $t"
. ./wind.sh
END
printf '#!/bin/sh\necho "wind: $(tail -n 1 station.txt)"\n' >wind.sh
printf 'Changes\n\n- Temperatures are rounded, not cut off\n- The wind is shown\n' >CHANGES
commit "Show wind, and fix rounding"
printf 'station.txt: first line the temperature in tenths, last line the wind.\n' >README
commit "Document the station's file"
chown -R candidate: /home/candidate/weather
