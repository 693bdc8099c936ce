using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Thaw.LambdaClient
{
    /// <summary>
    /// A message with places for arguments: {name}, {name:format}, {@name} for an object as JSON, or {0}, {1}, … where all
    /// of them are numbers from 0 on. {{ and }} are braces. Places without an argument stay as they are.
    /// </summary>
    internal sealed class MessageTemplate
    {
        private readonly List<object> parts = new List<object>();
        private readonly List<MessagePlace> places = new List<MessagePlace>();

        /// <param name="hasPlaces">False: every brace is what it is.</param>
        internal MessageTemplate(string text, bool hasPlaces)
        {
            if (hasPlaces) Parse(text);
            else parts.Add(text);
            var numbers = places.ConvertAll(place => int.TryParse(place.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1);
            for (var index = 0; index < places.Count; index++) places[index].Argument = CountUp(numbers) ? numbers[index] : index;
        }

        internal string Fill(object[] arguments)
        {
            if (places.Count == 0 && parts.Count == 1) return (string)parts[0];
            var message = new StringBuilder();
            foreach (var part in parts) message.Append(part is MessagePlace place ? place.InMessage(arguments) : part);
            return message.ToString();
        }

        /// <summary>Each argument under its place's name.</summary>
        internal void AppendProperties(StringBuilder line, object[] arguments)
        {
            foreach (var place in places)
            {
                if (place.Argument >= arguments.Length || arguments[place.Argument] == null) continue;
                line.Append(',').AppendString(place.Name).Append(':');
                place.AppendJson(line, arguments[place.Argument]);
            }
        }

        /// <returns>Whether they are all the numbers from 0 to some other, in any order.</returns>
        private static bool CountUp(List<int> numbers)
        {
            var different = new SortedSet<int>(numbers);
            return different.Count > 0 && different.Min == 0 && different.Max == different.Count - 1;
        }

        private void Parse(string text)
        {
            var literal = new StringBuilder();
            for (var at = 0; at < text.Length; at++)
            {
                var letter = text[at];
                var isDoubled = at + 1 < text.Length && text[at + 1] == letter;
                var end = letter == '{' && !isDoubled ? text.IndexOf('}', at) : -1;
                if (end > at + 1)
                {
                    parts.Add(literal.ToString());
                    literal.Clear();
                    places.Add(new MessagePlace(text.Substring(at, end + 1 - at)));
                    parts.Add(places[places.Count - 1]);
                    at = end;
                    continue;
                }
                if ((letter == '{' || letter == '}') && isDoubled) at++;
                literal.Append(letter);
            }
            parts.Add(literal.ToString());
        }
    }
}
