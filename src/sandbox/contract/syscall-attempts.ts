/** A C program that tries what a sandbox must refuse, and prints what it was told. */
export const probeSource = `
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

static void tell(const char *name, long result) {
  const char *word = result >= 0 ? "OK" : strerrorname_np(errno);
  printf("%s %s\\n", name, word ? word : "?");
}

int main(void) {
  char nothing[256] = { 0 };
  tell("mount", mount("none", "/tmp", "tmpfs", 0, ""));
  tell("unshare user", unshare(CLONE_NEWUSER));
  tell("setns", setns(0, 0));
  tell("clone new user", syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0));
  tell("clone3", syscall(SYS_clone3, nothing, sizeof(struct clone_args)));
  tell("bpf", syscall(SYS_bpf, 0, nothing, sizeof nothing));
  tell("keyctl", syscall(SYS_keyctl, 0, -3, 1));
  tell("perf_event_open", syscall(SYS_perf_event_open, nothing, 0, -1, -1, 0));
  tell("userfaultfd", syscall(SYS_userfaultfd, 0));
  tell("io_uring_setup", syscall(SYS_io_uring_setup, 1, nothing));
  tell("unknown call", syscall(1000));
  tell("packet socket", socket(AF_PACKET, SOCK_RAW, 0));
  tell("vsock", socket(AF_VSOCK, SOCK_STREAM, 0));
  tell("raw socket", socket(AF_INET, SOCK_RAW, 1));
  tell("mknod device", mknod("/tmp/device", S_IFCHR | 0666, makedev(1, 1)));
  tell("sethostname", sethostname("x", 1));
  tell("setuid root", setuid(0));
  tell("ptrace pid 1", ptrace(PTRACE_ATTACH, 1, 0, 0));
  tell("kill pid 1", kill(1, SIGKILL));
  return 0;
}
`;
