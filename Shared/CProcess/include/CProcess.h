#pragma once

#include <stddef.h>
#include <sys/types.h>

// Starts a program in a process group of its own, with these bytes as its input (in a file without a name, below `folder`), its output in a pipe, no
// errors to be seen, and none of this process's files. Gives the pipe, or -1.
int hearth_start_process(char *const arguments[], char *const environment[], const void *input, size_t length, const char *folder, pid_t *process);
