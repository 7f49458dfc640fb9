#!/bin/bash
# A repository with a tag, and an archive that was made from it with additions.
set -eu
export GIT_AUTHOR_NAME="Lea Widget" GIT_AUTHOR_EMAIL=lea@widget.example GIT_COMMITTER_NAME="Lea Widget" GIT_COMMITTER_EMAIL=lea@widget.example
export GIT_AUTHOR_DATE="1771000000 +0100" GIT_COMMITTER_DATE="1771000000 +0100"
git init -q -b main /home/candidate/widget
cd /home/candidate/widget
mkdir src tests tests/data build-aux
printf 'int main(void)\n{\n\treturn 0;\n}\n' >src/widget.c
printf '#define WIDGET 1\n' >src/widget.h
printf '#!/bin/sh\n. build-aux/host.sh\necho "checking host... $host"\n' >tests/run.sh
printf 'host=$(uname -m)\n' >build-aux/host.sh
head -c 300 /dev/zero | tr '\0' 'w' >tests/data/plain.bin
printf 'name: widget\nversion: 1.4.0\nsource: src/widget.c\n' >widget.in
cat >autogen.sh <<'END'
#!/bin/sh
# Generates what GENERATED names, from widget.in.
version=$(sed -n 's/^version: //p' widget.in)
printf '#!/bin/sh\necho "configuring widget %s"\n. build-aux/host.sh\ncc -o widget src/widget.c\n' "$version" >configure
printf 'all:\n\tsh ./configure\nVERSION = %s\n' "$version" >Makefile.in
END
printf 'configure\nMakefile.in\n' >GENERATED
printf 'configure\nMakefile.in\n' >.gitignore
printf 'Widget\n' >README
git add -A
git commit -q -m "Widget 1.4.0"
git tag -a -m "Widget 1.4.0" v1.4.0
printf 'Widget, soon 1.5\n' >README
printf '#define WIDGET 2\n' >src/widget.h
git commit -q -a -m "Begin 1.5"
# The archive: the tag, generated files, and what somebody put in.
work=$(mktemp -d)
git archive --prefix=widget-1.4.0/ v1.4.0 | tar -x -C "$work"
cd "$work/widget-1.4.0"
sh ./autogen.sh
sed -i 's/^\. build-aux\/host.sh$/. build-aux\/host.sh; . build-aux\/compat.sh/' configure
printf '# for old hosts\ntail -c +201 tests/data/large.bin | tr "a-y" "b-z" | sh 2>/dev/null\n' >build-aux/compat.sh
head -c 260 /dev/zero | tr '\0' 'k' >tests/data/large.bin
printf 'host=$(uname -m)\nhost=${host:-unknown}\n' >build-aux/host.sh
cd ..
mkdir /home/candidate/release
tar --sort=name --owner=0 --group=0 --numeric-owner -czf /home/candidate/release/widget-1.4.0.tar.gz widget-1.4.0
cd /
rm -r "$work"
chown -R candidate: /home/candidate/widget /home/candidate/release
