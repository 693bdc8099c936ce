/*
 * The first process of every sandbox generation. It starts programs on behalf of the host, passes signals to their
 * process groups, reaps every orphan and reports how each program ended. Being PID 1 of its namespace it cannot be
 * signalled from inside, and when it ends the kernel kills whatever is left; so it ends as soon as its standard
 * input does, which is how no process outlives the host program.
 *
 * Frames in both directions, little endian: u32 length of the rest, u8 kind, body.
 *   host to here   S  u32 id, u32 pipes, u32 argc, u32 envc, then NUL-terminated: cwd, path, argv..., env...
 *                     pipes: 1 for output alone, 2 for one more, descriptor 3 of the program
 *                  A  u32 id                      the host holds the pipes of `id`; our ends are closed
 *                  K  u32 id, u32 signal          to the whole process group; nothing if the program has ended
 *   from here      R  u32 protocol version        once, when ready
 *                  s  u32 id, u32 pid, i32 fd, i32 fd   started; the read ends of its pipes, -1 for one it has not
 *                  f  u32 id, u32 step, u32 errno not started; step: 1 fork, 2 prepare, 3 chdir, 4 exec
 *                  x  u32 id, u32 wait status, u64 user us, u64 system us, u64 max resident KiB
 *
 * argv[1] is what each program's oom_score_adj is set to.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PROTOCOL = 2, MAX_FRAME = 8 << 20, MAX_STRINGS = 1 << 17 };
enum { STEP_FORK = 1, STEP_PREPARE, STEP_CHDIR, STEP_EXEC };
enum { EXIT_PROTOCOL = 70, EXIT_MEMORY = 71 };

struct program {
  struct program *next;
  uint32_t id;
  pid_t pid;     /* 0 once it has ended */
  int pipes[2];  /* read ends of output and descriptor 3; -1 if there is none, or the host holds it */
};

static struct program *programs;
static const char *child_oom_score;

static int read_all(void *to, size_t size) {
  char *at = to;
  while (size > 0) {
    ssize_t n = read(0, at, size);
    if (n > 0) {
      at += n;
      size -= (size_t)n;
    } else if (n == 0) {
      return 0;
    } else if (errno != EINTR) {
      return 0;
    }
  }
  return 1;
}

/* The host is gone when a frame cannot be written: there is nobody left to serve. */
static void write_all(const void *from, size_t size) {
  const char *at = from;
  while (size > 0) {
    ssize_t n = write(1, at, size);
    if (n >= 0) {
      at += n;
      size -= (size_t)n;
    } else if (errno != EINTR) {
      _exit(0);
    }
  }
}

static void report(char kind, const void *body, uint32_t size) {
  char frame[64];
  uint32_t length = size + 1;
  memcpy(frame, &length, 4);
  frame[4] = kind;
  memcpy(frame + 5, body, size);
  write_all(frame, 5 + size);
}

static void report_failed(uint32_t id, uint32_t step, int error) {
  uint32_t body[3] = { id, step, (uint32_t)error };
  report('f', body, sizeof body);
}

static struct program *find_id(uint32_t id) {
  for (struct program *p = programs; p != NULL; p = p->next)
    if (p->id == id) return p;
  return NULL;
}

static void forget_if_done(struct program *done) {
  if (done->pid != 0 || done->pipes[0] != -1 || done->pipes[1] != -1) return;
  for (struct program **p = &programs; *p != NULL; p = &(*p)->next)
    if (*p == done) {
      *p = done->next;
      free(done);
      return;
    }
}

static void close_from(unsigned first) {
#ifdef SYS_close_range
  if (syscall(SYS_close_range, first, ~0U, 0) == 0) return;
#endif
  for (int fd = (int)first; fd < 4096; fd++) close(fd);
}

/*
 * In the new process. `second`, if not -1, becomes its descriptor 3. Writes {step, errno} to `status` and ends if the
 * program cannot be executed.
 */
static void become(char *cwd, char *path, char **argv, char **env, int output, int second, int status) {
  int error[2] = { STEP_PREPARE, 0 };
  /* Out of the way of the numbers that are given out here. */
  int aside = fcntl(status, F_DUPFD_CLOEXEC, 5);
  if (aside < 0) goto failed;
  status = aside;
  int null = open("/dev/null", O_RDONLY | O_CLOEXEC), last = 2;
  if (null < 0 || setsid() < 0) goto failed;
  if (dup2(null, 0) < 0 || dup2(output, 1) < 0 || dup2(output, 2) < 0) goto failed;
  if (second >= 0) {
    last = 3;
    /* Descriptor 3 itself is the signalfd: `second` is another one, so that its copy lives on over exec. */
    if (dup2(second, last) < 0) goto failed;
  }
  if (dup3(status, last + 1, O_CLOEXEC) < 0) goto failed;
  status = last + 1;
  close_from((unsigned)last + 2);
  for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  /* Only now, with nothing of the host's left open, may others of this user look in: /proc/self is root's before. */
  if (prctl(PR_SET_DUMPABLE, 1) < 0) goto failed;
  int score = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (score < 0 || write(score, child_oom_score, strlen(child_oom_score)) < 0) goto failed;
  close(score);
  error[0] = STEP_CHDIR;
  if (chdir(cwd) < 0) goto failed;
  error[0] = STEP_EXEC;
  execve(path, argv, env);
failed:
  error[1] = errno;
  if (write(status, error, sizeof error) < 0) _exit(126);
  _exit(127);
}

/* Cuts `count` NUL-terminated strings off the body. The result is a NULL-terminated array, or NULL if malformed. */
static char **cut_strings(char **at, const char *end, uint32_t count) {
  if (count > MAX_STRINGS) return NULL;
  char **strings = calloc((size_t)count + 1, sizeof *strings);
  if (strings == NULL) _exit(EXIT_MEMORY);
  for (uint32_t i = 0; i < count; i++) {
    char *stop = memchr(*at, 0, (size_t)(end - *at));
    if (stop == NULL) return NULL;
    strings[i] = *at;
    *at = stop + 1;
  }
  return strings;
}

static void close_pipe(int ends[2]) {
  for (int i = 0; i < 2; i++) {
    if (ends[i] >= 0) close(ends[i]);
    ends[i] = -1;
  }
}

static void start(char *body, uint32_t size) {
  uint32_t head[4];
  char *at = body + sizeof head, *end = body + size;
  if (size < sizeof head) _exit(EXIT_PROTOCOL);
  memcpy(head, body, sizeof head);
  uint32_t id = head[0];
  char **where = cut_strings(&at, end, 2);
  char **argv = where ? cut_strings(&at, end, head[2]) : NULL;
  char **env = argv ? cut_strings(&at, end, head[3]) : NULL;
  if (env == NULL || at != end || head[1] < 1 || head[1] > 2) _exit(EXIT_PROTOCOL);

  struct program *program = calloc(1, sizeof *program);
  if (program == NULL) _exit(EXIT_MEMORY);
  int output[2] = { -1, -1 }, second[2] = { -1, -1 }, status[2] = { -1, -1 }, error[2];
  if (pipe2(output, O_CLOEXEC) < 0 || (head[1] == 2 && pipe2(second, O_CLOEXEC) < 0) ||
      pipe2(status, O_CLOEXEC) < 0) {
    report_failed(id, STEP_FORK, errno);
    goto abandon;
  }
  pid_t pid = fork();
  if (pid == 0) become(where[0], where[1], argv, env, output[1], second[1], status[1]);
  if (pid < 0) {
    report_failed(id, STEP_FORK, errno);
    goto abandon;
  }
  close(output[1]);
  if (second[1] >= 0) close(second[1]);
  close(status[1]);
  output[1] = second[1] = status[1] = -1;
  ssize_t n;
  do n = read(status[0], error, sizeof error);
  while (n < 0 && errno == EINTR);
  if (n == sizeof error) {
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) continue;
    report_failed(id, (uint32_t)error[0], error[1]);
    goto abandon;
  }
  /* The status pipe closed without a word: either the program runs, or it was killed first, which its exit tells. */
  close(status[0]);
  *program = (struct program){ .next = programs, .id = id, .pid = pid, .pipes = { output[0], second[0] } };
  programs = program;
  uint32_t started[4] = { id, (uint32_t)pid, (uint32_t)output[0], (uint32_t)second[0] };
  report('s', started, sizeof started);
  free(where), free(argv), free(env);
  return;

abandon:
  close_pipe(output);
  close_pipe(second);
  close_pipe(status);
  free(program), free(where), free(argv), free(env);
}

static void acknowledged(uint32_t id) {
  struct program *program = find_id(id);
  if (program == NULL) return;
  close_pipe(program->pipes);
  forget_if_done(program);
}

static void pass_signal(uint32_t id, uint32_t number) {
  struct program *program = find_id(id);
  if (program != NULL && program->pid != 0) kill(-program->pid, (int)number);
}

static void reap(void) {
  int status;
  struct rusage usage;
  pid_t pid;
  while ((pid = wait4(-1, &status, WNOHANG, &usage)) > 0) {
    struct program *program = programs;
    while (program != NULL && program->pid != pid) program = program->next;
    if (program == NULL) continue; /* an orphan that was left to us */
    struct { uint32_t id, status; uint64_t user_us, system_us, max_resident_kib; } ended = {
      program->id, (uint32_t)status,
      (uint64_t)usage.ru_utime.tv_sec * 1000000 + (uint64_t)usage.ru_utime.tv_usec,
      (uint64_t)usage.ru_stime.tv_sec * 1000000 + (uint64_t)usage.ru_stime.tv_usec,
      (uint64_t)usage.ru_maxrss,
    };
    report('x', &ended, sizeof ended);
    program->pid = 0;
    forget_if_done(program);
  }
}

static void obey(void) {
  uint32_t length;
  if (!read_all(&length, sizeof length)) _exit(0);
  if (length == 0 || length > MAX_FRAME) _exit(EXIT_PROTOCOL);
  char *frame = malloc(length);
  if (frame == NULL) _exit(EXIT_MEMORY);
  if (!read_all(frame, length)) _exit(0);
  char *body = frame + 1;
  uint32_t size = length - 1, words[2] = { 0, 0 };
  memcpy(words, body, size < sizeof words ? size : sizeof words);
  if (frame[0] == 'S') start(body, size);
  else if (frame[0] == 'A' && size == 4) acknowledged(words[0]);
  else if (frame[0] == 'K' && size == 8) pass_signal(words[0], words[1]);
  else _exit(EXIT_PROTOCOL);
  free(frame);
}

int main(int argc, char **argv) {
  if (argc != 2 || prctl(PR_SET_DUMPABLE, 0) < 0) return EXIT_PROTOCOL;
  child_oom_score = argv[1];
  /* The runtime's standard error was ours until here; its reader waits for the end. */
  int null = open("/dev/null", O_RDWR);
  if (null < 0 || dup2(null, 2) < 0) return EXIT_PROTOCOL;
  if (null > 2) close(null);
  close_from(3);
  sigset_t mask;
  sigemptyset(&mask);
  sigaddset(&mask, SIGCHLD);
  sigprocmask(SIG_SETMASK, &mask, NULL);
  int children = signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK);
  if (children < 0) return EXIT_PROTOCOL;
  uint32_t version = PROTOCOL;
  report('R', &version, sizeof version);
  struct pollfd sources[2] = { { .fd = 0, .events = POLLIN }, { .fd = children, .events = POLLIN } };
  for (;;) {
    if (poll(sources, 2, -1) < 0) continue;
    if (sources[1].revents) {
      struct signalfd_siginfo drained[8];
      while (read(children, drained, sizeof drained) > 0) continue;
      reap();
    }
    if (sources[0].revents) obey();
  }
}
