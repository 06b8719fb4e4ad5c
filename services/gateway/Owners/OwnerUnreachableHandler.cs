using Microsoft.AspNetCore.Diagnostics;
using Platform.Gateway.Api;

namespace Platform.Gateway.Owners;

/// <summary>An owner that cannot be asked is a bad gateway, said as a problem.</summary>
internal sealed class OwnerUnreachableHandler : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(
        HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is not OwnerUnreachableException unreachable)
            return false;
        await Problem.Of(StatusCodes.Status502BadGateway, "owner-unreachable", unreachable.Message)
            .ExecuteAsync(httpContext);
        return true;
    }
}
