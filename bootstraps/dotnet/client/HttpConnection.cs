using System;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Thaw.LambdaClient
{
    /// <summary>
    /// One connection that is kept, over a plain socket: the HTTP client of .NET takes longer to load than all the rest of
    /// a start.
    /// </summary>
    internal sealed class HttpConnection : IDisposable
    {
        private readonly string host;
        private readonly int port;
        private Socket socket;
        private HttpReader reader;

        /// <param name="address">host:port</param>
        internal HttpConnection(string address)
        {
            var colon = address.LastIndexOf(':');
            if (colon < 1 || !int.TryParse(address.Substring(colon + 1), out port))
                throw new RuntimeApiException("AWS_LAMBDA_RUNTIME_API is " + address + ", which is not host:port.");
            host = address.Substring(0, colon);
        }

        /// <param name="headers">Whole lines.</param>
        /// <param name="body">None where null.</param>
        /// <param name="timeoutMs">0: however long it takes, since the environment may be frozen for hours meanwhile.</param>
        internal HttpAnswer Request(string method, string path, string headers, ArraySegment<byte>? body, int timeoutMs = 0)
        {
            if (socket != null && HasEnded()) Dispose();
            if (socket == null) Connect();
            socket.ReceiveTimeout = timeoutMs;
            var length = body.HasValue ? "Content-Length: " + body.Value.Count + "\r\n" : "";
            var head = method + " " + path + " HTTP/1.1\r\nHost: " + host + ":" + port + "\r\n" + headers + length + "\r\n";
            Send(head, body ?? new ArraySegment<byte>(new byte[0]));
            var answer = reader.Read();
            if (answer.Closes) Dispose();
            return answer;
        }

        public void Dispose()
        {
            socket?.Dispose();
            socket = null;
        }

        private void Connect()
        {
            var address = IPAddress.TryParse(host, out var literal) ? literal : Dns.GetHostAddresses(host)[0];
            socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            socket.Connect(address, port);
            reader = new HttpReader(socket);
        }

        /// <summary>The other side may end a connection that nobody uses, whatever it said before.</summary>
        private bool HasEnded() => socket.Poll(0, SelectMode.SelectRead) && socket.Available == 0;

        /// <summary>Both at once: small ones are one packet.</summary>
        private void Send(string head, ArraySegment<byte> body)
        {
            var message = new byte[head.Length + body.Count];
            Encoding.ASCII.GetBytes(head, 0, head.Length, message, 0);
            Buffer.BlockCopy(body.Array, body.Offset, message, head.Length, body.Count);
            for (var sent = 0; sent < message.Length;)
                sent += socket.Send(message, sent, message.Length - sent, SocketFlags.None);
        }
    }
}
