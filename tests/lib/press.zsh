# What zsh makes of $LINE when the tab key is pressed behind it, in a terminal of its own that has sourced $FILE.
zmodload zsh/zpty zsh/zselect
zpty -b shell zsh -f -i

# Reads until the text fits the pattern; at most 20 seconds.
wait_for() {
  local text="" part
  repeat 400; do
    zpty -r -t shell part && text+=$part
    [[ $text == *$~1* ]] && { REPLY=$text; return 0 }
    zselect -t 5
  done
  print -ru2 -- "$text"
  return 1
}

zpty -w shell 'PROMPT="" RPROMPT=""; setopt no_always_last_prompt no_list_beep; unsetopt prompt_cr; autoload -Uz compinit; compinit -u -D; source $FILE
show() { print -r -- "<<$BUFFER>>" }; zle -N show; bindkey "^T" show; print re""ady'
wait_for '*ready*' || exit 1
zpty -w -n shell "$LINE"$'\t\C-t'
wait_for '*<<*>>*' || exit 1
REPLY=${REPLY#*<<}
print -r -- "${REPLY%%>>*}"
zpty -d shell
