/* A file system without hard links (LINK=none), or a server whose answer to a link that it made was lost (LINK=late). */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int link(const char *from, const char *to) {
    const char *mode = getenv("LINK");
    if (mode && strcmp(mode, "late") == 0) {
        if (syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0)) return -1;
        errno = EEXIST;
    } else {
        errno = EPERM;
    }
    return -1;
}
