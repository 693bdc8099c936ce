using System;
using System.Collections;
using System.Globalization;
using System.Text;

namespace Thaw.LambdaClient
{
    /// <summary>A place for an argument in a message.</summary>
    internal sealed class MessagePlace
    {
        private const int MaxShownBytes = 16;

        private readonly string token, format;
        private readonly bool asJson;

        /// <param name="token">With its braces.</param>
        internal MessagePlace(string token)
        {
            this.token = token;
            var inner = token.Substring(1, token.Length - 2);
            asJson = inner.StartsWith("@", StringComparison.Ordinal);
            var parts = inner.Substring(asJson ? 1 : 0).Split(new[] { ':' }, 2);
            Name = parts[0].Trim();
            format = parts.Length > 1 && parts[1].Trim() != "" ? parts[1].Trim() : null;
        }

        internal string Name { get; }
        internal int Argument { get; set; }

        internal string InMessage(object[] arguments)
        {
            var value = Argument < arguments.Length ? arguments[Argument] : null;
            if (value is byte[] bytes) return Hexadecimal(bytes);
            if (value == null || value is IList || value is IDictionary) return token;
            if (format != null) return Formatted(value);
            return Time(value) ?? value.ToString();
        }

        internal void AppendJson(StringBuilder line, object value)
        {
            if (value is IDictionary entries)
            {
                var separator = "{";
                foreach (DictionaryEntry entry in entries)
                {
                    line.Append(separator).AppendString(Convert.ToString(entry.Key, CultureInfo.InvariantCulture)).Append(':');
                    AppendValue(line, entry.Value);
                    separator = ",";
                }
                line.Append(separator == "{" ? "{}" : "}");
            }
            else if (value is IList items && !(value is byte[]))
            {
                line.Append('[');
                for (var index = 0; index < items.Count; index++)
                {
                    if (index > 0) line.Append(',');
                    AppendValue(line, items[index]);
                }
                line.Append(']');
            }
            else AppendValue(line, value);
        }

        private void AppendValue(StringBuilder line, object value)
        {
            if (value == null) line.Append("null");
            else if (asJson) line.Append(Json.Of(value));
            else if (format != null) line.AppendString(Formatted(value));
            else if (value is bool) line.Append((bool)value ? "true" : "false");
            else if (IsNumber(value)) line.Append(((IFormattable)value).ToString(null, CultureInfo.InvariantCulture));
            else if (value is byte[] bytes) line.AppendString(Hexadecimal(bytes));
            else line.AppendString(Time(value) ?? Convert.ToString(value, CultureInfo.InvariantCulture));
        }

        /// <summary>Those that JSON has: there is no infinity in it.</summary>
        private static bool IsNumber(object value)
        {
            if (value is double real) return !double.IsNaN(real) && !double.IsInfinity(real);
            if (value is float small) return !float.IsNaN(small) && !float.IsInfinity(small);
            return value is int || value is long || value is decimal || value is short || value is byte
                || value is uint || value is ulong || value is ushort || value is sbyte;
        }

        private string Formatted(object value)
        {
            try
            {
                return string.Format("{0:" + format + "}", value);
            }
            catch (FormatException)
            {
                return value.ToString();
            }
        }

        private static string Time(object value)
        {
            if (value is DateTime time) return LogFormat.Time(time);
            return value is DateTimeOffset offset ? LogFormat.Time(offset.DateTime) : null;
        }

        private static string Hexadecimal(byte[] bytes)
        {
            var text = BitConverter.ToString(bytes, 0, Math.Min(bytes.Length, MaxShownBytes)).Replace("-", "");
            return bytes.Length > MaxShownBytes ? text + "... (" + bytes.Length + " bytes)" : text;
        }
    }
}
