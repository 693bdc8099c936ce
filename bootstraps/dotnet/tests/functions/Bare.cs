// A function that needs nothing of AWS's.
using System.IO;

namespace Example
{
    public class Bare
    {
        public Stream Echo(Stream input) { return input; }
        public void Nothing() { }
        public string Text(string text) { return text; }
    }
}
