using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Platform.HostAgent.Domain.Discovery;

namespace Platform.HostAgent.Devices.Kernel;

/// <summary>
/// What the kernel tells of its devices, on a netlink socket. .NET has no name for this family of sockets, so
/// that the kernel is asked for one directly.
/// </summary>
internal sealed class Uevents : IDisposable
{
    private const int Netlink = 16;
    private const int RawCloseOnExec = 3 | 0x80000;
    private const int KobjectUevent = 15;
    private const int FromKernel = 1;
    private const int MessageMax = 64 * 1024;
    private const int Queue = 4 * 1024 * 1024;

    private readonly Socket socket;
    private readonly byte[] buffer = new byte[MessageMax];

    private Uevents(Socket socket) => this.socket = socket;

    /// <summary>Throws when the kernel refuses.</summary>
    public static Uevents Open()
    {
        var handle = new SafeSocketHandle(Native.socket(Netlink, RawCloseOnExec, KobjectUevent), true);
        if (handle.IsInvalid)
            throw new Win32Exception();
        var address = new Native.NetlinkAddress { Family = Netlink, Groups = FromKernel };
        if (Native.bind(handle, ref address, Marshal.SizeOf<Native.NetlinkAddress>()) != 0)
        {
            var refused = new Win32Exception();
            handle.Dispose();
            throw refused;
        }

        return new(new Socket(handle) { ReceiveBufferSize = Queue });
    }

    /// <summary>Returns when something happened that matters, or when too much did to be told.</summary>
    public async Task Next(CancellationToken stop)
    {
        while (true)
        {
            try
            {
                var length = await socket.ReceiveAsync(buffer, stop);
                if (Uevent.Parse(Encoding.UTF8.GetString(buffer, 0, length)) is { Matters: true })
                    return;
            }
            catch (SocketException lost) when (lost.SocketErrorCode == SocketError.NoBufferSpaceAvailable)
            {
                return;
            }
        }
    }

    public void Dispose() => socket.Dispose();

    private static class Native
    {
        [DllImport("libc", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern nint socket(int family, int type, int protocol);

        [DllImport("libc", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int bind(SafeSocketHandle socket, ref NetlinkAddress address, int length);

        [StructLayout(LayoutKind.Sequential)]
        public struct NetlinkAddress
        {
            public ushort Family;
            public ushort Padding;
            public uint ProcessId;
            public uint Groups;
        }
    }
}
