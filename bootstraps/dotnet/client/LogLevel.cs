using System;

namespace Thaw.LambdaClient
{
    /// <summary>By the names that .NET's loggers have.</summary>
    internal enum LogLevel
    {
        Trace,
        Debug,
        Information,
        Warning,
        Error,
        Critical,
    }

    internal static class LogLevels
    {
        private static readonly string[] lambdaNames = { "TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL" };
        private static readonly string[] labels = { "trce", "dbug", "info", "warn", "fail", "crit" };

        /// <param name="name">.NET's or Lambda's, in any case.</param>
        /// <returns>Null where it is none.</returns>
        internal static LogLevel? Parse(string name)
        {
            if (string.IsNullOrEmpty(name)) return null;
            for (var level = LogLevel.Trace; level <= LogLevel.Critical; level++)
                if (Is(name, level.ToString()) || Is(name, lambdaNames[(int)level])) return level;
            return null;
        }

        /// <returns>As the text format has it.</returns>
        internal static string Label(this LogLevel level) => labels[(int)level];

        private static bool Is(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
    }
}
