/*
 * Stands between the host program and one container for as long as the container lives. Its child joins the
 * sandbox's control groups, waits for one byte on standard input, and becomes the OCI runtime. The launcher itself
 * stays outside of the groups and adopts what the runtime leaves running, so that every process is reaped at once,
 * whatever the host's init does. It ends when all of them have: with the runtime's exit status.
 *
 *   launcher HIDE COUNT FILE... COMMAND...
 *     HIDE     a mount the runtime shall not see, or ""
 *     COUNT    number of FILEs, the cgroup.procs to join
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { EXIT_FAILED = 125, EXIT_USAGE = 64 };

static void fail(const char *what) {
  fprintf(stderr, "%s: %s\n", what, strerror(errno));
  _exit(EXIT_FAILED);
}

static void join_group(const char *file) {
  int fd = open(file, O_WRONLY | O_CLOEXEC);
  if (fd < 0 || write(fd, "0", 1) != 1) fail(file);
  close(fd);
}

/* Mounts made after the namespace are not seen in it: so not before the host has made its own. */
static void hide_mount(const char *path) {
  if (unshare(CLONE_NEWNS) < 0) fail("unshare");
  if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0) fail("private mounts");
  if (umount2(path, 0) < 0) fail(path);
}

static void become_runtime(const char *hidden, int count, char **files, char **command) {
  char go;
  for (int i = 0; i < count; i++) join_group(files[i]);
  if (read(0, &go, 1) != 1) _exit(EXIT_FAILED);
  if (*hidden) hide_mount(hidden);
  execv(command[0], command);
  fail(command[0]);
}

int main(int argc, char **argv) {
  int count = argc > 3 ? atoi(argv[2]) : -1;
  if (count < 0 || argc < 4 + count || prctl(PR_SET_CHILD_SUBREAPER, 1) < 0) return EXIT_USAGE;
  pid_t runtime = fork();
  if (runtime < 0) fail("fork");
  if (runtime == 0) become_runtime(argv[1], count, argv + 3, argv + 3 + count);

  /* The streams belong to the container, and their end is its end; but standard error is the runtime's, and with it. */
  close(0);
  close(1);
  int code = EXIT_FAILED, status;
  for (;;) {
    pid_t pid = wait(&status);
    if (pid == runtime) {
      code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
      close(2);
    }
    if (pid < 0 && errno != EINTR) return code;
  }
}
