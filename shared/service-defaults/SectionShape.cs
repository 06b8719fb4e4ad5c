using System.Collections;
using System.ComponentModel;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace Platform.ServiceDefaults;

/// <summary>
/// Holds a section of the configuration against the type it is bound to. The binder itself ignores keys that
/// it does not know, so that a misspelt setting would silently have no effect.
/// </summary>
internal static class SectionShape
{
    private static readonly Dictionary<Type, string> Wanted = new()
    {
        [typeof(TimeSpan)] = "a time span, for example 00:00:30",
        [typeof(int)] = "a whole number",
        [typeof(long)] = "a whole number",
        [typeof(double)] = "a number",
        [typeof(bool)] = "true or false",
        [typeof(Uri)] = "an absolute address, for example http://127.0.0.1:8080",
        [typeof(Guid)] = "a UUID",
    };

    public static void Check(IConfigurationSection section, Type type)
    {
        if (section.Value is { Length: > 0 } value)
            throw new SettingRefusedException(
                $"{section.Path} is \"{value}\": it is a section; set a key of it.");

        var properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.CanWrite || IsNested(property.PropertyType))
            .ToDictionary(
                property => property.Name,
                property => property.PropertyType,
                StringComparer.OrdinalIgnoreCase);

        foreach (var child in section.GetChildren())
        {
            if (properties.TryGetValue(child.Key, out var wanted))
                CheckValue(child, wanted);
            else
                throw new SettingRefusedException(
                    $"{child.Path} is unknown: {section.Path} has "
                    + $"{string.Join(", ", properties.Keys.Order())}.");
        }
    }

    private static void CheckValue(IConfigurationSection setting, Type type)
    {
        var scalar = Nullable.GetUnderlyingType(type) ?? type;

        if (!IsNested(scalar))
            CheckScalar(setting, scalar);
        else if (ElementOf(scalar) is { } element)
            CheckElements(setting, element);
        else
            Check(setting, scalar);
    }

    private static void CheckElements(IConfigurationSection setting, Type element)
    {
        foreach (var child in setting.GetChildren())
            CheckValue(child, element);
    }

    private static void CheckScalar(IConfigurationSection setting, Type type)
    {
        if (!Reads(setting.Value, type))
            throw new SettingRefusedException(
                $"{setting.Path} is \"{setting.Value}\": give {Describe(type)}.");
    }

    private static bool Reads(string? value, Type type)
    {
        if (type == typeof(string) || value is null)
            return true;
        if (type == typeof(Uri))
            return Uri.TryCreate(value, UriKind.Absolute, out _);
        try
        {
            var converter = TypeDescriptor.GetConverter(type);
            return converter.ConvertFromString(null, CultureInfo.InvariantCulture, value) is not null;
        }
        catch (Exception error) when (error is FormatException or ArgumentException or OverflowException)
        {
            return false;
        }
    }

    private static string Describe(Type type) =>
        type.IsEnum
            ? $"one of {string.Join(", ", Enum.GetNames(type))}"
            : Wanted.GetValueOrDefault(type, $"a {type.Name}");

    private static bool IsNested(Type type) =>
        type != typeof(string) && type != typeof(Uri)
        && (typeof(IEnumerable).IsAssignableFrom(type) || HasNoConverter(type));

    private static bool HasNoConverter(Type type) =>
        !TypeDescriptor.GetConverter(type).CanConvertFrom(typeof(string));

    private static Type? ElementOf(Type type) =>
        !typeof(IEnumerable).IsAssignableFrom(type) ? null
        : type.IsArray ? type.GetElementType()
        : type.GetGenericArguments().LastOrDefault();
}
