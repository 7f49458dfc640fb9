#!/bin/bash
# One Perl program; Windows line ends in the CSV, columns in top-clients aligned by tabs, no newline at the end of numbers.
set -eu
mkdir -p /root/report
{ gzip -dc /var/log/shop/access.log.2.gz; cat /var/log/shop/access.log.1 /var/log/shop/access.log; } | perl -ne '
  next unless m{^(\S+) \S+ \S+ \[(\d\d)/Sep/2026:(\d\d):[^]]*\] "(.*?)" (\d{3}) (\d+|-) "} && $2 == $ENV{ASSAY_PARAM_DAY};
  my ($client, $hour, $request, $status, $size) = ($1, $3, $4, $5, $6);
  $bytes += $size if $status == 200 && $size ne "-";
  next unless int($status / 100) == $ENV{ASSAY_PARAM_CLASS};
  $errors++; $hours{$hour + 0}++; $clients{$client}++;
  my @w = split / +/, $request;
  $paths{$1} = 1 if @w == 3 && $w[1] =~ /^([^?]*)/;
  END {
    open my $f, ">", "/root/report/errors"; print $f $errors;
    open $f, ">", "/root/report/bytes"; print $f $bytes;
    open $f, ">", "/root/report/by-hour.csv"; print $f "hour,errors\r\n"; printf $f "%02d,%d\r\n", $_, $hours{$_} // 0 for 0 .. 23;
    open $f, ">", "/root/report/top-clients"; my @c = sort { $clients{$b} <=> $clients{$a} || $a cmp $b } keys %clients; print $f "$clients{$_}\t$_\n" for @c[0 .. 2];
    open $f, ">", "/root/report/paths"; print $f "$_\n" for sort keys %paths;
  }'
