/* What this machine offers to boxes: assay-sandbox doctor. */
#pragma once
int doctor_main(int argc, char **argv); /* argv[0] is "doctor" */
