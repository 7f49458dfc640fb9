#!/bin/sh
# Embeds a program: embed-look.sh FILE OUT writes assembly with the symbols look_image and look_image_end.
set -eu
cat >"$2" <<END
.section .rodata
.balign 16
.globl look_image
.globl look_image_end
look_image:
.incbin "$1"
look_image_end:
.byte 0
.section .note.GNU-stack,"",@progbits
END
