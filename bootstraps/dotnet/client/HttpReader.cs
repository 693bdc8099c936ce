using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Net.Sockets;
using System.Text;

namespace Thaw.LambdaClient
{
    internal sealed class HttpAnswer
    {
        internal int Status;
        /// <summary>By name, in any case.</summary>
        internal IDictionary<string, string> Headers;
        internal byte[] Body;
        /// <summary>The connection cannot be used again.</summary>
        internal bool Closes;
    }

    /// <summary>Reads answers of HTTP/1.x, one after another: with a length, chunked, or up to the end of the connection.</summary>
    internal sealed class HttpReader
    {
        private const int MaxHeadBytes = 2 * 1024 * 1024;
        private static readonly byte[] None = new byte[0];

        private readonly Socket socket;
        private readonly byte[] buffer = new byte[64 * 1024];
        private int start, end;

        internal HttpReader(Socket socket)
        {
            this.socket = socket;
        }

        /// <exception cref="IOException">The connection ended first, or what came is no HTTP.</exception>
        internal HttpAnswer Read()
        {
            while (true)
            {
                var answer = ReadHead(out var isOld);
                // Interim answers have no body.
                if (answer.Status >= 100 && answer.Status < 200) continue;
                answer.Closes = isOld || Is(answer, "Connection", "close");
                answer.Body = ReadBody(answer);
                return answer;
            }
        }

        private HttpAnswer ReadHead(out bool isOld)
        {
            var room = MaxHeadBytes;
            var parts = ReadLine(ref room).Split(new[] { ' ' }, 3);
            if (parts.Length < 2 || !parts[0].StartsWith("HTTP/1.", StringComparison.Ordinal) || !int.TryParse(parts[1], out var status))
                throw new IOException("what came is no answer of HTTP/1");
            isOld = parts[0] == "HTTP/1.0";
            var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            for (var line = ReadLine(ref room); line != ""; line = ReadLine(ref room))
            {
                var colon = line.IndexOf(':');
                if (colon < 1) throw new IOException("a header of the answer has no name");
                headers[line.Substring(0, colon)] = line.Substring(colon + 1).Trim();
            }
            return new HttpAnswer { Status = status, Headers = headers };
        }

        private byte[] ReadBody(HttpAnswer answer)
        {
            if (answer.Status == 204) return None;
            if (Is(answer, "Transfer-Encoding", "chunked")) return ReadChunks();
            if (!answer.Headers.TryGetValue("Content-Length", out var length))
            {
                answer.Closes = true;
                return ReadToEnd();
            }
            if (!int.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
                throw new IOException("the answer's length is " + length);
            var body = new byte[count];
            ReadInto(body, count);
            return body;
        }

        private byte[] ReadChunks()
        {
            var body = new MemoryStream();
            while (true)
            {
                var room = MaxHeadBytes;
                var size = ReadLine(ref room).Split(';')[0].Trim();
                if (!int.TryParse(size, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var count) || count < 0)
                    throw new IOException("the length of a chunk is " + size);
                if (count == 0)
                {
                    while (ReadLine(ref room) != "") { }
                    return body.ToArray();
                }
                var chunk = new byte[count];
                ReadInto(chunk, count);
                body.Write(chunk, 0, count);
                if (ReadLine(ref room) != "") throw new IOException("a chunk is longer than it says");
            }
        }

        private byte[] ReadToEnd()
        {
            var body = new MemoryStream();
            do
            {
                body.Write(buffer, start, end - start);
                start = end;
            } while (Fill());
            return body.ToArray();
        }

        private void ReadInto(byte[] target, int count)
        {
            var at = Math.Min(count, end - start);
            Buffer.BlockCopy(buffer, start, target, 0, at);
            start += at;
            while (at < count)
            {
                var received = socket.Receive(target, at, count - at, SocketFlags.None);
                if (received == 0) throw Ended();
                at += received;
            }
        }

        private string ReadLine(ref int room)
        {
            var line = new MemoryStream();
            while (true)
            {
                if (start == end && !Fill()) throw Ended();
                var newline = Array.IndexOf(buffer, (byte)'\n', start, end - start);
                var until = newline < 0 ? end : newline;
                room -= until - start;
                if (room < 0) throw new IOException("the head of the answer is larger than " + MaxHeadBytes + " bytes");
                line.Write(buffer, start, until - start);
                start = newline < 0 ? end : newline + 1;
                if (newline >= 0) return Encoding.UTF8.GetString(line.GetBuffer(), 0, (int)line.Length).TrimEnd('\r');
            }
        }

        /// <returns>Whether anything came.</returns>
        private bool Fill()
        {
            start = 0;
            end = socket.Receive(buffer, 0, buffer.Length, SocketFlags.None);
            return end > 0;
        }

        private static bool Is(HttpAnswer answer, string name, string value) =>
            answer.Headers.TryGetValue(name, out var found) && string.Equals(found, value, StringComparison.OrdinalIgnoreCase);

        private static IOException Ended() => new IOException("the connection ended in the middle of an answer");
    }
}
