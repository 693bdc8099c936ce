using System;
using System.Text;

namespace Thaw.LambdaClient
{
    /// <summary>An error as callers get it: errorType, errorMessage, stackTrace (lines), cause and causes.</summary>
    internal static class ErrorReport
    {
        private const int MaxBytes = 256 * 1024;
        private const string TooLarge = "{\"errorMessage\": \"Exception exceeded maximum payload size of 256KB.\"}";

        internal static string Body(Exception error) => Describe(error, "", MaxBytes);

        internal static string TypeOf(Exception error) => error.GetType().Name;

        /// <returns>ASCII, so that its length is its size; errors for which there is no room are told in a line.</returns>
        private static string Describe(Exception error, string indent, int room)
        {
            var inner = indent + "  ";
            var text = new StringBuilder("{\n");
            text.Append(inner).Append("\"errorType\": ").AppendString(TypeOf(error)).Append(",\n");
            text.Append(inner).Append("\"errorMessage\": ").AppendString(error.Message);
            var lines = StackLines(error);
            if (lines.Length > 0)
            {
                text.Append(",\n").Append(inner).Append("\"stackTrace\": [\n");
                for (var index = 0; index < lines.Length; index++)
                    text.Append(inner).Append("  ").AppendString(lines[index]).Append(index < lines.Length - 1 ? ",\n" : "\n");
                text.Append(inner).Append(']');
            }
            if (text.Length > room) return TooLarge;
            if (error.InnerException != null)
                text.Append(",\n").Append(inner).Append("\"cause\": ").Append(Describe(error.InnerException, inner, room - text.Length));
            if (error is AggregateException many && many.InnerExceptions.Count > 0)
                AppendCauses(text, many, inner, room);
            return text.Append('\n').Append(indent).Append('}').ToString();
        }

        private static void AppendCauses(StringBuilder text, AggregateException error, string indent, int room)
        {
            text.Append(",\n").Append(indent).Append("\"causes\": [\n");
            for (var index = 0; index < error.InnerExceptions.Count; index++)
            {
                if (index > 0) text.Append(",\n");
                var cause = Describe(error.InnerExceptions[index], indent + "  ", room - text.Length);
                text.Append(indent).Append("  ").Append(cause);
                if (cause == TooLarge) break;
            }
            text.Append('\n').Append(indent).Append(']');
        }

        /// <summary>Those of the function: what called it is no concern of its author.</summary>
        private static string[] StackLines(Exception error)
        {
            var trimmed = Array.ConvertAll((error.StackTrace ?? "").Split('\n'), line => line.Trim());
            var lines = Array.FindAll(trimmed, line => line != "");
            var own = Array.FindIndex(lines, line => line.StartsWith("at " + typeof(ErrorReport).Namespace + ".", StringComparison.Ordinal));
            if (own < 0) return lines;
            while (own > 0 && IsReflection(lines[own - 1])) own--;
            Array.Resize(ref lines, own);
            return lines;
        }

        private static bool IsReflection(string line) =>
            line.StartsWith("at System.Reflection.", StringComparison.Ordinal)
            || line.StartsWith("at System.RuntimeMethodHandle.", StringComparison.Ordinal)
            || line.StartsWith("at InvokeStub_", StringComparison.Ordinal);
    }
}
