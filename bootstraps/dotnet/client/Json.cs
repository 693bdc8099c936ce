using System;
using System.Reflection;
using System.Text;

namespace Thaw.LambdaClient
{
    /// <summary>
    /// JSON of the client's own. It is written by hand, since a start should not wait for a library; what is seldom needed
    /// is left to System.Text.Json, which every .NET from Core 3.0 on has, and which is loaded only then.
    /// </summary>
    internal static class Json
    {
        internal static StringBuilder AppendString(this StringBuilder text, string value)
        {
            if (value == null) return text.Append("null");
            text.Append('"');
            foreach (var letter in value)
            {
                switch (letter)
                {
                    case '"': text.Append("\\\""); break;
                    case '\\': text.Append("\\\\"); break;
                    case '\n': text.Append("\\n"); break;
                    case '\r': text.Append("\\r"); break;
                    case '\t': text.Append("\\t"); break;
                    default:
                        // Letters of other alphabets too: what is written may be a header. And half a pair has no UTF-8.
                        if (letter < ' ' || letter > '~') text.Append("\\u").Append(((int)letter).ToString("x4"));
                        else text.Append(letter);
                        break;
                }
            }
            return text.Append('"');
        }

        internal static T Parse<T>(string json)
        {
            var deserialize = Method("Deserialize", typeof(string));
            return (T)deserialize.Invoke(null, BindingFlags.DoNotWrapExceptions, null, new object[] { json, typeof(T), null }, null);
        }

        internal static string Of(object value)
        {
            var serialize = Method("Serialize", typeof(object));
            return (string)serialize.Invoke(null, BindingFlags.DoNotWrapExceptions, null, new[] { value, value.GetType(), null }, null);
        }

        /// <summary>Of the form (what, Type, JsonSerializerOptions).</summary>
        private static MethodInfo Method(string name, Type what)
        {
            var options = Type.GetType("System.Text.Json.JsonSerializerOptions, System.Text.Json", true);
            var serializer = Type.GetType("System.Text.Json.JsonSerializer, System.Text.Json", true);
            return serializer.GetMethod(name, new[] { what, typeof(Type), options });
        }
    }
}
