/* Moves an entry as the host does: moves FOLDER NAME FRESH. Compiled with Sources/CSandbox/files.c.
 */
#define _GNU_SOURCE
#include "rampart_sandbox.h"

#include <fcntl.h>
#include <unistd.h>

int main(int count, char **arguments) {
    if (count != 4)
        return 2;
    int folder = open(arguments[1], O_RDONLY | O_DIRECTORY);
    if (folder < 0)
        return 2;
    return rampart_move(folder, arguments[2], folder, arguments[3]) == 0 ? 0 : 1;
}
