#pragma once
#include <libpq-fe.h>
/* Waiting for many sockets; <sys/epoll.h> is in no module of Swift's own. */
#include <sys/epoll.h>
