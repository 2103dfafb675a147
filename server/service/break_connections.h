// Breaks connections that gRPC would wait for.
//
// When its server shuts down, gRPC closes a connection only once it has written what it
// is in the middle of writing, whatever the deadline. To a client that does not read,
// that lasts until the kernel gives up: 20 seconds (TCP_USER_TIMEOUT).
#ifndef RCUKV_SERVER_SERVICE_BREAK_CONNECTIONS_H_
#define RCUKV_SERVER_SERVICE_BREAK_CONNECTIONS_H_

#include <cstddef>

namespace rcukv {

// Shuts down, in both directions, each TCP connection of this process whose own end has
// the port; reading and writing on them fail from then on. Listening sockets are left
// alone. Returns how many. gRPC tells nobody its sockets, so they are looked for in
// /proc/self/fd.
//
// Thread safety: any thread, where nothing opens sockets meanwhile: the number of one
// that is closed by another thread at this moment might be that of the next.
size_t BreakConnections(int port);

}  // namespace rcukv

#endif  // RCUKV_SERVER_SERVICE_BREAK_CONNECTIONS_H_
