#!/bin/bash
# Eight model files. Pickles are written by hand, byte by byte; what they would call is harmless.
set -eu
m=/home/candidate/models
mkdir -p $m /home/candidate/quarantine
cat >/home/candidate/RULE <<'END'
Names that a pickle may look up:
collections OrderedDict
numpy ndarray
numpy dtype
torch._utils _rebuild_tensor
END
# Printable form: a dictionary of weights. Allowed.
printf '(dp0\nVbias\np1\nF0.25\nsVscale\np2\nF1.5\ns.' >$m/anchor.pkl
# Printable form: looks up posix system and calls it.
printf 'cposix\nsystem\n(Vecho weights restored\ntR.' >$m/birch.pkl
# Newer form: collections OrderedDict by STACK_GLOBAL. Allowed.
printf '\200\004\225\042\000\000\000\000\000\000\000\214\013collections\224\214\013OrderedDict\224\223\224)R\224.' >$m/cedar.pkl
# Newer form: builtins exec by STACK_GLOBAL, behind a harmless lookup.
printf '\200\004\214\013collections\224\214\013OrderedDict\224\223\224)R\2240\214\010builtins\224\214\004exec\224\223\224\214\020print("restored")\224\205\224R\224.' >$m/delta.bin
# Text about such functions: no pickle.
printf '{"name": "ember", "notes": "Do not use pickle: a line like cposix, then system, would run a command. builtins exec is as bad.", "weights": [0.1, 0.2]}\n' >$m/ember.json
# safetensors-like: length, header, numbers; a comment in the header.
printf '\115\000\000\000\000\000\000\000{"__metadata__":{"note":"cos system was removed"},"w":{"dtype":"F32","shape":[2]}}\000\000\200\077\000\000\000\100' >$m/fjord.safetensors
# An archive with a pickle inside that looks up runpy.
t=$(mktemp -d)
mkdir $t/archive
printf '\200\002crunpy\n_run_code\n(X\004\000\000\000fastq\000}tR.' >$t/archive/data.pkl
head -c 64 /dev/zero >$t/archive/0
tar --sort=name --mtime=@1771000000 --owner=0 --group=0 -cf $m/glade.pt -C $t archive
# An archive whose pickle keeps to the rule.
printf '\200\002ctorch._utils\n_rebuild_tensor\n(K\001K\002tR.' >$t/archive/data.pkl
tar --sort=name --mtime=@1771000000 --owner=0 --group=0 -cf $m/heron.pt -C $t archive
rm -r $t
chown -R candidate: /home/candidate
