/* SPDX-License-Identifier: MIT */
/*
 * stdin, stdout and stderr. A port says which ring its files read and which they write;
 * a pipe's end has one, the terminal both. User bytes go straight between user memory
 * and the ring.
 *
 * Each ring has a mutex that makes its user one at a time, as machine/hostlink.h wants;
 * nobody sleeps for input or room while holding it, so a poller is not locked out by a
 * sleeper. Sleep and wake follow abi/hostlink.h: say so, look again, sleep.
 * Without a launcher all of this is COM1, raw, with input looked for every few
 * milliseconds, because nothing interrupts for it.
 */
#include "kernel/fs/console.h"

#include "cpu/uaccess.h"
#include "gen/errno.h"
#include "gen/signals.h"
#include "kernel/fs/console_impl.h"
#include "kernel/fs/devices.h"
#include "kernel/fs/dir.h"
#include "kernel/fs/file_io.h"
#include "kernel/fs/mount.h"
#include "kernel/fs/poll.h"
#include "kernel/mm/uio.h"
#include "kernel/proc/proc.h"
#include "machine/clock.h"
#include "machine/hostlink.h"
#include "machine/uart.h"

#define NO_STREAM (-1)
#define UART_POLL_NS (5 * 1000000ull)
#define UART_CHUNK 256

struct port {
	struct inode *inode;
	bool reads; /* has stdin behind it */
	int out;    /* enum hl_stream or NO_STREAM */
	bool tty;
};

struct console console;
static struct port pipes[3] = { { NULL, true, NO_STREAM, false },
				{ NULL, false, HL_STDOUT, false },
				{ NULL, false, HL_STDERR, false } };
static struct port terminal = { NULL, false, NO_STREAM, true };

static struct mutex stream_locks[HL_NSTREAMS];

/* A byte that was taken from COM1 to see whether there is one. */
static struct spinlock uart_lock;
static u8 uart_ahead;
static bool uart_has_ahead;

/* ---- input ---- */

static bool uart_look(void)
{
	spin_guard(&uart_lock);
	if (!uart_has_ahead)
		uart_has_ahead = uart_read(&uart_ahead, 1) == 1;
	return uart_has_ahead;
}

static bool input_ready(void)
{
	const void *p;
	u64 n;
	if (!hl_attached())
		return uart_look();
	hl_read_window(&p, &n);
	return n || hl_eof();
}

static bool uart_take(u8 *byte)
{
	spin_guard(&uart_lock);
	bool had = uart_has_ahead;
	*byte = uart_ahead;
	uart_has_ahead = false;
	return had;
}

/* One byte is enough for a read; who types is slower than this. */
static err_t read_uart(struct uio *u)
{
	u64 moved;
	u8 byte;
	if (!uart_look() || !uart_take(&byte))
		return 0;
	return uio_move(u, &byte, 1, &moved);
}

/* What is there now; *moved 0 when nothing is. */
static err_t read_now(struct uio *u, u64 *moved)
{
	u64 before = u->resid;
	err_t e = 0;
	mutex_guard(&stream_locks[HL_STDIN]);
	if (!hl_attached())
		e = read_uart(u);
	while (hl_attached() && u->resid && !e) { /* twice when the bytes wrap round the ring */
		const void *p;
		u64 n, done;
		hl_read_window(&p, &n);
		if (!n)
			break;
		e = uio_move(u, (void *)(uintptr_t)p, n, &done);
		hl_read_commit(done);
	}
	*moved = before - u->resid;
	return e;
}

static u64 uart_deadline(void)
{
	return hl_attached() ? WAIT_FOREVER : clock_monotonic_ns() + UART_POLL_NS;
}

static err_t wait_for_input(void)
{
	err_t e = 0;
	spin_guard(&console.lock);
	while (!input_ready() && !e) {
		/* Each time: the bytes that woke us may have gone to another reader. */
		if (hl_attached())
			hl_sleeping(HL_STDIN);
		if (!input_ready())
			e = waitq_sleep(&console.readers, &console.lock, uart_deadline());
	}
	return e == -ETIMEDOUT ? 0 : e;
}

static err_t console_read(struct file *f, struct uio *u, u64 *pos)
{
	struct port *port = f->priv;
	(void)pos;
	if (!port->reads)
		return -EIO;
	while (u->resid) {
		u64 moved;
		bool ended = hl_attached() && hl_eof();
		err_t e = read_now(u, &moved);
		if (ended && !moved && !e && port->tty)
			hl_eof_taken(); /* the next read waits for more, as Linux's does */
		if (moved || e || ended)
			return e;
		if (f->flags & LINUX_O_NONBLOCK) {
			if (hl_attached())
				hl_sleeping(
					HL_STDIN); /* a terminal is read only when somebody asks */
			e = input_ready() ? 0 : -EAGAIN;
		} else {
			e = wait_for_input();
		}
		if (e)
			return e;
	}
	return 0;
}

/* ---- output ---- */

static bool output_ready(enum hl_stream s)
{
	void *p;
	u64 room;
	if (!hl_attached())
		return true;
	hl_write_window(s, &p, &room);
	return room || hl_gone(s);
}

static err_t write_uart(struct uio *u)
{
	u8 bytes[UART_CHUNK];
	err_t e = 0;
	while (u->resid && !e) {
		u64 moved;
		e = uio_move(u, bytes, sizeof bytes, &moved);
		uart_write(bytes, moved);
	}
	return e;
}

/* As much as there is room for. */
static err_t write_now(enum hl_stream s, struct uio *u)
{
	err_t e = 0;
	mutex_guard(&stream_locks[s]);
	if (!hl_attached())
		return write_uart(u);
	while (u->resid && !e && !hl_gone(s)) {
		void *p;
		u64 room, done;
		hl_write_window(s, &p, &room);
		if (!room)
			break;
		e = uio_move(u, p, room, &done);
		hl_write_commit(s, done);
	}
	return e;
}

static err_t wait_for_room(enum hl_stream s)
{
	err_t e = 0;
	spin_guard(&console.lock);
	while (!output_ready(s) && !e) {
		hl_sleeping(s);
		if (!output_ready(s))
			e = waitq_sleep(&console.writers, &console.lock, WAIT_FOREVER);
	}
	return e;
}

static err_t broken_pipe(void)
{
	err_t e = proc_signal(current_proc(), SIGPIPE);
	return e ? e : -EPIPE;
}

static err_t console_write(struct file *f, struct uio *u, u64 *pos)
{
	struct port *port = f->priv;
	(void)pos;
	if (port->out == NO_STREAM)
		return -EIO;
	while (u->resid) {
		err_t e = write_now((enum hl_stream)port->out, u);
		if (e || !u->resid)
			return e;
		if (hl_gone((enum hl_stream)port->out))
			return port->tty ? -EIO : broken_pipe();
		if (f->flags & LINUX_O_NONBLOCK)
			return -EAGAIN;
		e = wait_for_room((enum hl_stream)port->out);
		if (e)
			return e;
	}
	return 0;
}

/* ---- the rest of a file ---- */

/* For the tracer: every byte, whatever signals are pending; nothing when nobody reads. */
void console_trace(const void *record, size_t size)
{
	const u8 *p = record;
	mutex_guard(&stream_locks[HL_TRACE]);
	while (size && !hl_gone(HL_TRACE)) {
		u64 n = hl_write(HL_TRACE, p, size);
		p += n;
		size -= n;
		if (size && wait_for_room(HL_TRACE))
			sched_yield(); /* interrupted, but half a record is no record */
	}
}

static u32 poll_in(const struct port *port)
{
	bool eof = hl_attached() && hl_eof();
	if (!eof && !input_ready())
		return 0;
	/* A pipe whose writer has gone says so; a terminal's end of file is just readable. */
	if (eof && !port->tty)
		return LINUX_POLLHUP;
	return LINUX_POLLIN | LINUX_POLLRDNORM;
}

static u32 poll_out(const struct port *port)
{
	enum hl_stream s = (enum hl_stream)port->out;
	if (!output_ready(s))
		return 0;
	return LINUX_POLLOUT | LINUX_POLLWRNORM | (hl_attached() && hl_gone(s) ? LINUX_POLLERR : 0);
}

static u32 poll_now(const struct port *port)
{
	return (port->reads ? poll_in(port) : 0) | (port->out != NO_STREAM ? poll_out(port) : 0);
}

/* Answers, and when that is nothing makes sure that a change rings the bell. */
static u32 console_poll(struct file *f, struct waitq **wq, struct spinlock **lock)
{
	struct port *port = f->priv;
	*wq = port->reads ? &console.readers : &console.writers;
	*lock = &console.lock;
	u32 ready = poll_now(port);
	if (!hl_attached())
		return ready;
	if (port->reads && !(ready & (LINUX_POLLIN | LINUX_POLLHUP)))
		hl_sleeping(HL_STDIN);
	if (port->out != NO_STREAM && !(ready & LINUX_POLLOUT))
		hl_sleeping((enum hl_stream)port->out);
	return poll_now(port);
}

static err_t console_ioctl(struct file *f, u32 cmd, uaddr_t arg, long *result)
{
	struct port *port = f->priv;
	*result = 0;
	if (cmd == LINUX_FIONREAD && port->reads) {
		const void *p;
		u64 n = uart_has_ahead;
		if (hl_attached())
			hl_read_window(&p, &n);
		int ready = (int)min_u64(n, INT32_MAX);
		return copyout(arg, &ready, sizeof ready);
	}
	return port->tty ? tty_ioctl(cmd, arg, result) : -ENOTTY;
}

static const struct file_ops console_ops = {
	.read = console_read,
	.write = console_write,
	.stat = file_stat_inode,
	.ioctl = console_ioctl,
	.poll = console_poll,
	.release = file_release_inode,
};

/* ---- opening ---- */

static err_t open_port(struct port *port, u32 flags, struct file **out)
{
	err_t e = file_new(&console_ops, flags, out);
	if (!e)
		(*out)->priv = port;
	return e;
}

/* /dev/pts/0 or /proc/self/fd/N: another file on the same port. */
static err_t console_open(struct inode *i, u32 flags, struct file **out)
{
	u32 mode = flags & LINUX_O_ACCMODE;
	if (i == terminal.inode)
		return console_open_tty(flags, out);
	for (u32 n = 0; n < ARRAY_SIZE(pipes); n++) {
		if (i != pipes[n].inode)
			continue;
		if (mode != (pipes[n].reads ? LINUX_O_RDONLY : LINUX_O_WRONLY))
			return -ENXIO; /* its other end is not in this machine */
		return open_port(&pipes[n], flags, out);
	}
	return -ENXIO;
}

static const struct inode_ops console_inode_ops = { .open = console_open };

err_t console_open_tty(u32 flags, struct file **out)
{
	if (!terminal.reads && terminal.out == NO_STREAM)
		return -ENXIO;
	return open_port(&terminal, flags, out);
}

err_t console_populate(struct inode *pts)
{
	struct inode *i;
	err_t e = inode_new(pts->sb, LINUX_S_IFCHR | 0620, &i);
	if (e)
		return e;
	i->rdev = dev_make(136, 0);
	i->ops = &console_inode_ops;
	terminal.inode = i; /* keeps the reference */
	return dir_add(pts, "0", 1, i);
}

static err_t make_pipe_inode(struct port *port)
{
	err_t e = inode_new(&anon_sb, LINUX_S_IFIFO | 0600, &port->inode);
	if (e)
		return e;
	port->inode->ops = &console_inode_ops;
	port->inode->nlink = 1;
	return 0;
}

static err_t open_std(struct fdtable *t, struct port *port, u32 n)
{
	struct file *f;
	int fd;
	if (!port->inode) {
		err_t e = make_pipe_inode(port);
		if (e)
			return e;
	}
	u32 mode = port->tty ? LINUX_O_RDWR : port->reads ? LINUX_O_RDONLY : LINUX_O_WRONLY;
	err_t e = open_port(port, mode, &f);
	if (e)
		return e;
	f->inode = inode_ref(port->inode);
	e = fd_install(t, f, n, n + 1, false, &fd);
	if (e)
		file_unref(f);
	return e;
}

/* What 1 and 2 say to one file must arrive in the order it was said: one ring. */
static struct port *std_port(const struct console_config *cfg, u32 n)
{
	if (cfg->tty_mask & 1u << n)
		return &terminal;
	return &pipes[n == 2 && cfg->joined ? 1 : n];
}

/* All output to the terminal takes one ring, or prompts and text would change places. */
static void set_terminal(u32 tty_mask)
{
	terminal.reads = tty_mask & 1;
	terminal.out = tty_mask & 2 ? HL_STDOUT : tty_mask & 4 ? HL_STDERR : NO_STREAM;
}

err_t console_open_std(struct fdtable *t, const struct console_config *cfg)
{
	err_t e = 0;
	waitq_init(&console.readers);
	waitq_init(&console.writers);
	waitq_init(&console.tty_waiters);
	for (u32 s = 0; s < HL_NSTREAMS; s++)
		mutex_init(&stream_locks[s]);
	set_terminal(cfg->tty_mask);
	tty_init(cfg);
	for (u32 n = 0; n < 3 && !e; n++) {
		if (cfg->fds_mask & 1u << n)
			e = open_std(t, std_port(cfg, n), n);
	}
	return e;
}

/* ---- from the bell ---- */

void console_set_foreground(u32 pid)
{
	spin_guard(&console.lock);
	console.foreground_pid = pid;
}

static void pass_signals(u32 pid)
{
	struct proc *p = pid ? proc_find(pid) : NULL;
	u64 signals = p ? hl_take_signals() : 0;
	for (; signals; signals &= signals - 1) {
		/* Fails for numbers only that are no signals: then there is nobody to tell. */
		err_t e = proc_signal(p, __builtin_ctzll(signals) + 1);
		(void)e;
	}
}

void hl_event(void)
{
	u32 pid;
	{
		spin_guard(&console.lock);
		waitq_wake_all(&console.readers);
		waitq_wake_all(&console.writers);
		waitq_wake_all(&console.tty_waiters);
		pid = console.foreground_pid;
	}
	poll_notify();
	pass_signals(pid);
}
