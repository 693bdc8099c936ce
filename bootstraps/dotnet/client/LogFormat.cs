using System;
using System.Globalization;
using System.Text;

namespace Thaw.LambdaClient
{
    /// <summary>Something logged. Its level may be one that nobody knows, which is shown as it is.</summary>
    internal sealed class LogRecord
    {
        internal readonly LogLevel? Level;
        internal readonly string LevelName;
        internal readonly Exception Error;
        internal readonly MessageTemplate Template;
        internal readonly object[] Arguments;
        internal readonly Invocation Invocation;

        internal LogRecord(LogLevel? level, string levelName, Exception error, string template, object[] arguments, Invocation invocation)
        {
            Level = level;
            LevelName = levelName;
            Error = error;
            Arguments = arguments ?? new object[0];
            Template = new MessageTemplate(template ?? "", Arguments.Length > 0);
            Invocation = invocation;
        }

        internal string Message => Template.Fill(Arguments);
    }

    internal abstract class LogFormat
    {
        private const string TimeFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";

        /// <summary>The message as it is.</summary>
        internal static readonly LogFormat Plain = new PlainFormat();

        internal virtual bool IsJson => false;

        internal abstract string Line(LogRecord record);

        /// <param name="name">JSON, Unformatted, or anything else for the text format.</param>
        internal static LogFormat Named(string name)
        {
            if (string.Equals(name, "JSON", StringComparison.OrdinalIgnoreCase)) return new JsonFormat();
            return string.Equals(name, "Unformatted", StringComparison.OrdinalIgnoreCase) ? Plain : new TextFormat();
        }

        internal static string Time(DateTime time) => time.ToString(TimeFormat, CultureInfo.InvariantCulture);

        private static string WithError(LogRecord record)
        {
            var message = record.Message;
            if (record.Error == null) return message;
            return message == "" ? record.Error.ToString() : message + "\n" + record.Error;
        }

        private sealed class PlainFormat : LogFormat
        {
            internal override string Line(LogRecord record) => WithError(record);
        }

        private sealed class TextFormat : LogFormat
        {
            internal override string Line(LogRecord record)
            {
                var level = record.Level?.Label() ?? record.LevelName;
                return Time(DateTime.UtcNow) + "\t" + record.Invocation?.RequestId + "\t" + (string.IsNullOrEmpty(level) ? "" : level + "\t") + WithError(record);
            }
        }

        private sealed class JsonFormat : LogFormat
        {
            internal override bool IsJson => true;

            internal override string Line(LogRecord record)
            {
                var line = new StringBuilder("{\"timestamp\":").AppendString(Time(DateTime.UtcNow));
                line.Append(",\"level\":").AppendString((record.Level ?? LogLevel.Information).ToString());
                Add(line, "requestId", record.Invocation?.RequestId);
                Add(line, "tenantId", record.Invocation?.TenantId);
                Add(line, "traceId", record.Invocation?.TraceId);
                line.Append(",\"message\":").AppendString(record.Message);
                record.Template.AppendProperties(line, record.Arguments);
                if (record.Error != null) AddError(line, record.Error);
                return line.Append('}').ToString();
            }

            private static void Add(StringBuilder line, string name, string value)
            {
                if (!string.IsNullOrEmpty(value)) line.Append(",\"").Append(name).Append("\":").AppendString(value);
            }

            private static void AddError(StringBuilder line, Exception error)
            {
                line.Append(",\"errorType\":").AppendString(error.GetType().FullName);
                line.Append(",\"errorMessage\":").AppendString(error.Message).Append(",\"stackTrace\":[");
                var separator = "";
                foreach (var frame in error.ToString().Split('\n'))
                {
                    line.Append(separator).AppendString(frame.Trim());
                    separator = ",";
                }
                line.Append(']');
            }
        }
    }
}
