using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Text;

namespace Thaw.LambdaClient
{
    /// <summary>An error as X-Ray has it: {working_directory, exceptions: [{type, message, stack: [{path, label, line}]}], paths}, in ASCII.</summary>
    internal static class XRayCause
    {
        internal static string Of(Exception error)
        {
            var frames = new StackTrace(error, true).GetFrames() ?? new StackFrame[0];
            var paths = new List<string>();
            foreach (var frame in frames)
            {
                var path = frame.GetFileName();
                if (path != null && !paths.Contains(path)) paths.Add(path);
            }
            var cause = new StringBuilder("{\"working_directory\":").AppendString(Directory.GetCurrentDirectory());
            cause.Append(",\"exceptions\":[{\"type\":").AppendString(ErrorReport.TypeOf(error));
            cause.Append(",\"message\":").AppendString(error.Message).Append(",\"stack\":[");
            cause.Append(string.Join(",", Array.ConvertAll(frames, Frame))).Append("]}],\"paths\":[");
            return cause.Append(string.Join(",", paths.ConvertAll(Text))).Append("]}").ToString();
        }

        private static string Frame(StackFrame frame)
        {
            var parts = new List<string>();
            var path = frame.GetFileName();
            if (path != null)
            {
                parts.Add("\"path\":" + Text(path));
                parts.Add("\"line\":" + frame.GetFileLineNumber());
            }
            var method = frame.GetMethod();
            if (method != null)
                parts.Add("\"label\":" + Text(method.DeclaringType == null ? method.Name : method.DeclaringType.Name + "." + method.Name));
            return "{" + string.Join(",", parts) + "}";
        }

        private static string Text(string value) => new StringBuilder().AppendString(value).ToString();
    }
}
