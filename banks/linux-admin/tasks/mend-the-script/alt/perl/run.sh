#!/bin/sh
# Another language.
set -eu
cat >/opt/tools/prune-dumps <<'END'
#!/usr/bin/perl
use strict;
use warnings;
my ($dry, $count) = (0, 3);
sub fail { print STDERR "prune-dumps: $_[1]\n"; exit $_[0] }
while (@ARGV && $ARGV[0] =~ /^-./) {
  my $o = shift @ARGV;
  if ($o eq "--") { last }
  elsif ($o eq "-n") { $dry = 1 }
  elsif ($o =~ /^-(n?)k(.*)$/s) { $dry = 1 if $1; $count = $2 ne "" ? $2 : shift(@ARGV) // "" }
  else { fail(2, "unknown option $o") }
}
fail(2, "COUNT is not a number") unless $count =~ /^[0-9]+\z/;
fail(2, "one FOLDER is needed") unless @ARGV == 1;
my $folder = $ARGV[0];
opendir(my $d, $folder) or fail(1, "$folder: $!");
my @dumps = sort grep { /\A[^.].*\.sql\.gz\z/s && -f "$folder/$_" && !-l "$folder/$_" } readdir $d;
my $status = 0;
while (@dumps > $count) {
  my $name = shift @dumps;
  if ($dry || unlink "$folder/$name") { print "$name\n" } else { print STDERR "$name: $!\n"; $status = 1 }
}
exit $status;
END
chmod 755 /opt/tools/prune-dumps
