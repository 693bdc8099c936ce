using System;
using System.IO;
using System.Text;
using System.Threading.Tasks;

namespace Thaw.LambdaClient
{
    /// <summary>Console.Out or Console.Error: whole lines are log records, parts of lines go through as they are.</summary>
    internal sealed class ConsoleWriter : TextWriter
    {
        private readonly LogOutput logs;
        private readonly LogLevel level;
        private readonly TextWriter stream;

        internal ConsoleWriter(LogOutput logs, LogLevel level, TextWriter stream) : base(stream.FormatProvider)
        {
            this.logs = logs;
            this.level = level;
            this.stream = stream;
        }

        public override Encoding Encoding => stream.Encoding;

        public override void Write(char value) => logs.WritePart(value.ToString(), stream);
        public override void Write(string value) => logs.WritePart(value ?? "", stream);
        public override void Write(char[] buffer, int index, int count) => logs.WritePart(new string(buffer, index, count), stream);
        public override Task WriteAsync(char value) => Done(() => Write(value));
        public override Task WriteAsync(string value) => Done(() => Write(value));
        public override Task WriteAsync(char[] buffer, int index, int count) => Done(() => Write(buffer, index, count));

        public override void WriteLine() => WriteLine("");
        public override void WriteLine(string value) => logs.WriteConsole(level, value ?? "");
        public override void WriteLine(char value) => WriteLine(value.ToString());
        public override void WriteLine(char[] buffer) => WriteLine(buffer == null ? "" : new string(buffer));
        public override void WriteLine(char[] buffer, int index, int count) => WriteLine(new string(buffer, index, count));
        public override void WriteLine(bool value) => WriteLine(value.ToString());
        public override void WriteLine(int value) => WriteLine(value.ToString(FormatProvider));
        public override void WriteLine(uint value) => WriteLine(value.ToString(FormatProvider));
        public override void WriteLine(long value) => WriteLine(value.ToString(FormatProvider));
        public override void WriteLine(ulong value) => WriteLine(value.ToString(FormatProvider));
        public override void WriteLine(float value) => WriteLine(value.ToString(FormatProvider));
        public override void WriteLine(double value) => WriteLine(value.ToString(FormatProvider));
        public override void WriteLine(decimal value) => WriteLine(value.ToString(FormatProvider));
        public override void WriteLine(object value) => WriteLine(Convert.ToString(value, FormatProvider));
        public override Task WriteLineAsync() => Done(() => WriteLine());
        public override Task WriteLineAsync(char value) => Done(() => WriteLine(value));
        public override Task WriteLineAsync(string value) => Done(() => WriteLine(value));
        public override Task WriteLineAsync(char[] buffer, int index, int count) => Done(() => WriteLine(buffer, index, count));

        public override void Flush() => stream.Flush();

        private static Task Done(Action write)
        {
            write();
            return Task.CompletedTask;
        }
    }
}
