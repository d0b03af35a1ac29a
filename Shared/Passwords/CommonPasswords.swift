/// The passwords of at least twelve characters that guessing begins with, and the shapes they are made of.
enum CommonPasswords {
    static let all: Set<String> = [
        "password1234", "password12345", "password123456", "passwordpassword", "passw0rd1234", "p@ssword1234", "p@ssw0rd1234", "passwort1234",
        "passwort12345", "passwort123456", "meinpasswort", "geheim123456", "ichliebedich", "schatz123456", "hallo1234567", "willkommen12",
        "willkommen123", "qwertyuiop12", "qwertyuiop123", "qwertzuiop12", "qwertzuiop123", "qwerty123456", "qwertz123456", "1q2w3e4r5t6y",
        "1q2w3e4r5t6z", "1qaz2wsx3edc", "qazwsxedcrfv", "123qweasdzxc", "q1w2e3r4t5y6", "zaq12wsxcde3", "iloveyou1234", "iloveyou12345",
        "iloveyouforever", "letmein12345", "letmeinplease", "welcome12345", "welcome123456", "administrator", "administrator1", "admin1234567",
        "adminadmin123", "changeme1234", "changemeplease", "trustno1trustno1", "football1234", "baseball1234", "superman1234", "batman123456",
        "princess1234", "sunshine1234", "dragon123456", "monkey123456", "michael12345", "abcd1234abcd", "abc123abc123", "a1b2c3d4e5f6",
        "1234567890ab", "123456abcdef", "abcdef123456", "asdfghjkl123", "zxcvbnm12345", "yxcvbnm12345", "correcthorsebatterystaple",
        "correct horse battery staple", "thisismypassword", "mypassword123", "nopassword123", "secret123456", "test12345678", "testtesttest",
        "temporarypassword", "defaultpassword", "000000000000", "111111111111", "123123123123", "123456789012", "987654321098", "hearth123456",
    ]

    /// Whole words: a password that is one of them with only digits and marks around it is no better than the word.
    static let stems: Set<String> = [
        "password", "passwort", "passw0rd", "p@ssword", "p@ssw0rd", "qwerty", "qwertz", "qwertyuiop", "qwertzuiop", "letmein", "welcome",
        "willkommen", "admin", "administrator", "iloveyou", "geheim", "hallo", "changeme", "secret", "test", "hearth", "schatz", "sommer",
        "winter", "fussball", "football", "dragon", "monkey", "princess", "sunshine", "superman", "batman",
    ]

    /// A password that lies on one of these, in either direction, is a run.
    static let runs = [
        "01234567890123456789012345678901234567890123456789", "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz",
        "qwertyuiopasdfghjklzxcvbnm", "qwertzuiopüasdfghjklöäyxcvbnm", "1234567890qwertyuiop", "1234567890qwertzuiop", "1234567890-=qwertyuiop",
    ]
}
