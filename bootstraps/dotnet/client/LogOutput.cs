using System;
using System.IO;

namespace Thaw.LambdaClient
{
    /// <summary>
    /// Where everything goes that the function logs. From .NET 6 on each line has its time, request and level, also those
    /// of Console.WriteLine; before, Lambda has nothing of the kind.
    /// </summary>
    internal sealed class LogOutput
    {
        private const string DescriptorVariable = "_LAMBDA_TELEMETRY_LOG_FD";
        private const int FirstDecorated = 6;

        private readonly TextWriter output, errors;
        private readonly LogFrames frames;
        private readonly LogFormat format;
        private readonly LogLevel least;
        private volatile Invocation invocation;

        private LogOutput()
        {
            output = Console.Out;
            errors = Console.Error;
            Decorates = Environment.Version.Major >= FirstDecorated;
            least = LogLevels.Parse(Variable("AWS_LAMBDA_HANDLER_LOG_LEVEL") ?? Variable("AWS_LAMBDA_LOG_LEVEL")) ?? LogLevel.Information;
            format = Decorates ? LogFormat.Named(Variable("AWS_LAMBDA_HANDLER_LOG_FORMAT") ?? Variable("AWS_LAMBDA_LOG_FORMAT")) : LogFormat.Plain;
            var descriptor = Variable(DescriptorVariable);
            if (descriptor != null) frames = new LogFrames(int.Parse(descriptor));
            // Programs that the function starts do not have it.
            Environment.SetEnvironmentVariable(DescriptorVariable, null);
        }

        internal bool Decorates { get; }

        /// <summary>Takes over the console where lines are decorated.</summary>
        internal static LogOutput Open()
        {
            var logs = new LogOutput();
            if (!logs.Decorates) return logs;
            Console.SetOut(new ConsoleWriter(logs, LogLevel.Information, logs.output));
            Console.SetError(new ConsoleWriter(logs, LogLevel.Error, logs.errors));
            return logs;
        }

        /// <summary>What is logged from here on belongs to this invocation.</summary>
        internal void Begin(Invocation next)
        {
            invocation = next;
        }

        /// <param name="level">Null: none is shown, and nothing is left out.</param>
        /// <param name="template">May have {names}, {0} or {@objects} for the arguments.</param>
        internal void Write(string level, Exception error, string template, object[] arguments)
        {
            var known = LogLevels.Parse(level);
            if (Decorates && known < least) return;
            WriteLine(format.Line(new LogRecord(known, level, error, template, arguments, invocation)), known, output);
        }

        internal void WriteConsole(LogLevel level, string line)
        {
            if (level >= least) WriteLine(format.Line(new LogRecord(level, null, null, line, null, invocation)), level, level == LogLevel.Error ? errors : output);
        }

        /// <summary>A part of a line, as it is.</summary>
        internal void WritePart(string text, TextWriter stream)
        {
            if (frames == null) stream.Write(text);
            else frames.Write(text, null, false);
        }

        private void WriteLine(string line, LogLevel? level, TextWriter stream)
        {
            if (frames == null) stream.WriteLine(line);
            else frames.Write(line, level, format.IsJson);
        }

        private static string Variable(string name)
        {
            var value = Environment.GetEnvironmentVariable(name);
            return string.IsNullOrEmpty(value) ? null : value;
        }
    }
}
