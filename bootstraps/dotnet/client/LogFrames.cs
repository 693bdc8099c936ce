using System;
using System.IO;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Thaw.LambdaClient
{
    /// <summary>
    /// The descriptor that log records are handed over on whole: 4 bytes type and level, 4 bytes length, 8 bytes time in
    /// microseconds, all big endian, then the record.
    /// </summary>
    internal sealed class LogFrames
    {
        private const int HeaderBytes = 16;
        private const uint Text = 0xa55a0003, JsonText = 0xa55a0002;
        private static readonly DateTime epoch = new DateTime(1970, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        private static readonly Encoding utf8 = new UTF8Encoding(false);

        private readonly FileStream stream;
        private readonly object gate = new object();

        internal LogFrames(int descriptor)
        {
            // Unbuffered: a frame is one write.
            stream = new FileStream(new SafeFileHandle(new IntPtr(descriptor), false), FileAccess.Write, 1);
        }

        internal void Write(string record, LogLevel? level, bool isJson)
        {
            var frame = new byte[HeaderBytes + utf8.GetByteCount(record)];
            var rank = level.HasValue ? (uint)level.Value + 1 : 0;
            Put(frame, 0, 4, (isJson ? JsonText : Text) | rank << 2);
            Put(frame, 4, 4, (ulong)(frame.Length - HeaderBytes));
            Put(frame, 8, 8, (ulong)((DateTime.UtcNow - epoch).Ticks / 10));
            utf8.GetBytes(record, 0, record.Length, frame, HeaderBytes);
            lock (gate)
            {
                stream.Write(frame, 0, frame.Length);
                stream.Flush();
            }
        }

        private static void Put(byte[] frame, int at, int count, ulong value)
        {
            for (var index = at + count - 1; index >= at; index--, value >>= 8) frame[index] = (byte)value;
        }
    }
}
