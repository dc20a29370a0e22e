// Loaded before a program, has each of its syncs take SYNC_US microseconds more: a slower disk.
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include <sys/syscall.h>

static void take_longer(void) {
    const char* const more = getenv("SYNC_US");
    const long us = more == NULL ? 0 : atol(more);
    const struct timespec time = {.tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000};
    nanosleep(&time, NULL);
}

int fsync(int file) {
    take_longer();
    return (int)syscall(SYS_fsync, file);
}

int fdatasync(int file) {
    take_longer();
    return (int)syscall(SYS_fdatasync, file);
}
