/* The least a FastCGI worker can do: what libfcgi and nginx cost without MVTI. The measure of `make bench`.
 */
#include <fcgiapp.h>

int main(void)
{
    FCGX_Request request;
    if (FCGX_Init() != 0 || FCGX_InitRequest(&request, 0, 0) != 0)
        return 1;
    while (FCGX_Accept_r(&request) >= 0) {
        FCGX_FPrintF(request.out,
                     "Status: 200 OK\r\nContent-Type: application/json\r\n\r\n{\"hello\":\"world\"}\n");
        FCGX_Finish_r(&request);
    }
    return 0;
}
