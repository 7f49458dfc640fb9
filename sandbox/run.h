/* One command in one fresh box, without a daemon: what `assay box run` is. */
#pragma once
int run_main(int argc, char **argv); /* argv[0] is "run" */
